/** Said by the console itself. Errors of the server come in English already, with their details. */
export const failures = {
  OFFLINE: {
    message: 'Bartizan cannot be reached.',
    remedy: 'It may be restarting; the page tries again by itself. Check the network too.',
  },
  UNREADABLE: {
    message: 'The answer could not be understood.',
    remedy: 'Reload the page; check any proxy in between.',
  },
  UNKNOWN: { message: 'Something unexpected happened.', remedy: 'Reload the page and try again.' },
} as const;
