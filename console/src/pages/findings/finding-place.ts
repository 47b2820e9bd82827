import type { Finding } from '../../api/shapes.ts';

/** Where a resource stands: `main.tf:12` or `main.tf:12–30` in code, its region (and account) in a live account. */
export function placeOf({ file, line, endLine, region, account }: Finding['resource']): string {
  if (file === undefined) return [region, account].filter((part) => part !== undefined && part !== '').join(' · ');
  if (line === undefined) return file;
  return endLine === undefined || endLine <= line ? `${file}:${line}` : `${file}:${line}–${endLine}`;
}
