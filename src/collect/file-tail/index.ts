export { type FileTailOptions, startFileTail } from './file-tail.ts';
