import { DEFAULT_LIMITS, type FramedRecords, type FrameLimits, type Framer } from './framer.ts';
import { frameJsonDocuments } from './json-documents.ts';
import { frameLines } from './lines.ts';

/** For programs that write lines or JSON as they are told: the first byte that is no white space decides for the stream. */
export function frameTextOrJson(limits: FrameLimits = DEFAULT_LIMITS): Framer {
  let chosen: Framer | undefined;
  const choose = (chunk: Uint8Array): Framer => {
    const first = chunk.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
    return first === OPEN_BRACE || first === OPEN_BRACKET ? frameJsonDocuments(limits) : frameLines(limits);
  };
  return {
    push(chunk) {
      chosen ??= choose(chunk);
      return chosen.push(chunk);
    },
    idle: () => chosen?.idle() ?? NOTHING,
    end: () => chosen?.end() ?? NOTHING,
  };
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const NOTHING: FramedRecords = { payload: new Uint8Array(0), ends: new Uint32Array(0), dropped: {}, consumedBytes: 0 };
