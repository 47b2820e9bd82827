import type { Finding } from '../../api/shapes.ts';

const SHOWN_FOLDERS = 2;

/** The same where there is little room: the file's last folders, for its end says most. */
export function shortPlaceOf(resource: Finding['resource']): string {
  const parts = placeOf(resource).split('/');
  return resource.file === undefined || parts.length <= SHOWN_FOLDERS + 1
    ? parts.join('/')
    : `…/${parts.slice(-SHOWN_FOLDERS - 1).join('/')}`;
}

/** Where a resource stands: `main.tf:12` or `main.tf:12–30` in code, its region (and account) in a live account. */
export function placeOf({ file, line, endLine, region, account }: Finding['resource']): string {
  if (file === undefined) return [region, account].filter((part) => part !== undefined && part !== '').join(' · ');
  if (line === undefined) return file;
  return endLine === undefined || endLine <= line ? `${file}:${line}` : `${file}:${line}–${endLine}`;
}
