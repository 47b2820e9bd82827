import type { Language } from '#kit/locale.ts';
import type { Finding } from '#model/finding.ts';
import { reasonIn } from '#posture/reasons.ts';
import { plain } from '../findings/format.ts';
import { type FrameworkReport, type ReportClause, STATUS_WORDS, standingOf } from './framework-report.ts';

const WORDS = {
  zh: {
    made: '生成时间',
    scanned: '依据的扫描',
    none: '没有扫描',
    clause: '条款',
    status: '结论',
    detail: '说明与依据',
    passed: '项通过',
    evidence: '证据（SHA-256）',
    note: '条款文字为我们自己的表述，以标准原文为准。“需人工核查”的条款不计为符合。',
  },
  en: {
    made: 'Made',
    scanned: 'Scans behind it',
    none: 'none',
    clause: 'Clause',
    status: 'Answer',
    detail: 'Why, and what to do',
    passed: 'answers pass',
    evidence: 'Evidence (SHA-256)',
    note: 'Clauses are told in our own words; the text of the standard counts. Clauses for a person to show are never counted as met.',
  },
} as const;

/** One page that stands alone, for screen and paper; everything that comes from outside is text in it. */
export function frameworkHtml(report: FrameworkReport, language: Language): string {
  const words = WORDS[language];
  const rows: string[] = [];
  let group = '';
  for (const clause of report.clauses) {
    const name = [clause.framework, ...clause.groups.map((one) => one[language])].slice(-2).join(' · ');
    if (name !== group) rows.push(`<tr class="group"><th colspan="3">${text(name)}</th></tr>`);
    group = name;
    rows.push(row(clause, language));
  }
  const standing = standingOf(report)
    .map(([status, count]) => `<span class="${status}">${text(STATUS_WORDS[status][language])} <b>${count}</b></span>`)
    .join(' ');
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(report.title[language])}</title><style>${STYLE}</style></head><body>
<h1>${text(report.title[language])}</h1>
<p class="meta">${text(report.version)} · ${words.made} ${text(new Date(report.madeMs).toISOString())}<br>
${words.scanned}: ${report.scans.length === 0 ? words.none : report.scans.map(text).join(', ')}</p>
<p class="standing">${standing}</p><p class="meta">${words.note}</p>
<table><thead><tr><th>${words.clause}</th><th>${words.status}</th><th>${words.detail}</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>
`;
}

function row(clause: ReportClause, language: Language): string {
  const words = WORDS[language];
  const parts: string[] = [];
  if (clause.guidance !== undefined) parts.push(`<p>${text(clause.guidance[language])}</p>`);
  if (clause.passed > 0) parts.push(`<p>${clause.passed} ${words.passed}</p>`);
  if (clause.findings.length > 0) parts.push(`<ul>${clause.findings.map((one) => item(one, language)).join('')}</ul>`);
  const left = clause.failed + clause.unknown - clause.findings.length;
  if (left > 0) parts.push(`<p>… +${left}</p>`);
  if (clause.evidence.length > 0) {
    parts.push(
      `<p class="evidence">${words.evidence}: ${clause.evidence.map((hash) => `<code>${text(hash)}</code>`).join(' ')}</p>`,
    );
  }
  return `<tr><td><b>${text(clause.id)}</b><br>${text(clause.title[language])}</td><td class="${clause.status}">${text(
    STATUS_WORDS[clause.status][language],
  )}</td><td>${parts.join('')}</td></tr>`;
}

function item({ title, resource, reason, fix, severity, verdict }: Finding, language: Language): string {
  const where = resource.file === undefined ? (resource.region ?? '') : `${resource.file}:${resource.line ?? '?'}`;
  const said = reason === undefined ? '' : reasonIn(reason, language);
  const why = verdict === 'unknown' ? `? ${said}` : said;
  return `<li><b>${text(title[language])}</b> <small>${text(severity)}</small><br>${text(resource.id)} ${text(where)}${
    why === '' ? '' : `<br>${text(why)}`
  }<br><i>${text(fix[language])}</i></li>`;
}

function text(value: string): string {
  return plain(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = `
body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#1f2328}
h1{font-size:1.5rem}.meta{color:#57606a}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #d0d7de;padding:.5rem;text-align:left;vertical-align:top}
td:first-child{width:32%}td:nth-child(2){width:10rem;font-weight:600}.group th{background:#f6f8fa}td p{margin:0 0 .35rem}ul{margin:.25rem 0;padding-left:1.1rem}li{margin:.25rem 0;overflow-wrap:anywhere}
.standing span{display:inline-block;margin-right:1.2rem}.satisfied{color:#1a7f37}.not_satisfied{color:#b3261e}.unknown{color:#8a5a00}.no_data,.manual,.elsewhere{color:#57606a}
.evidence{color:#57606a;font-size:.8rem}code{overflow-wrap:anywhere}@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}`;
