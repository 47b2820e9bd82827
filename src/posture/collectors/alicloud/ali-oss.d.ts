/** What we use of the OSS SDK, which brings no types. */
declare module 'ali-oss' {
  interface OssOptions {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly stsToken?: string | undefined;
    readonly region: string;
    readonly endpoint?: string;
    readonly secure: boolean;
    readonly timeout: number;
    readonly authorizationV4: boolean;
    readonly refreshSTSToken: () => Promise<unknown>;
    readonly refreshSTSTokenInterval: number;
  }
  interface OssRequest {
    readonly method: 'GET' | 'PUT' | 'DELETE';
    readonly bucket: string | undefined;
    readonly subres: string | undefined;
    readonly query: Readonly<Record<string, string>>;
    readonly timeout: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly mime?: 'xml';
    readonly content?: string;
  }
  export default class AliOss {
    constructor(options: OssOptions);
    /** Without `successStatuses` any status is an answer. */
    request(request: OssRequest): Promise<{ readonly status: number; readonly res: { readonly data?: Buffer } }>;
    /** Rejects what is not XML; the root element is left out, an element that repeats is an array. */
    parseXML(text: Buffer): Promise<unknown>;
  }
}
