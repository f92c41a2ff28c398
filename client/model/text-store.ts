/** Small texts that outlive the page; may reject, and what comes out is not to be trusted. */
export interface TextStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}
