/** A subject is one line for both languages, or a Chinese line and an English one below it. */
export function inLanguage(subject: string, language: string): string {
  const [chinese = '', english] = subject.split('\n');
  return language === 'zh-CN' ? chinese : (english ?? chinese);
}
