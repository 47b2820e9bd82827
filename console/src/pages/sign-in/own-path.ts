/** A path of this console; anything that could lead elsewhere becomes `/`. */
export function ownPath(wish: string | null): string {
  if (wish === null || !wish.startsWith('/') || wish.length > 2_000) return '/';
  const url = URL.parse(wish, 'http://console.invalid');
  return url?.host === 'console.invalid' && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
