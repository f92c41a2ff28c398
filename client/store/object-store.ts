/** One store of one IndexedDB database, opened when it is first used. Rejects with what the browser says. */

/** Where the store is, and how it is made where it is not. */
export interface StorePlace {
  readonly database: string;
  readonly store: string;
  readonly options: IDBObjectStoreParameters;
  readonly factory: IDBFactory;
}

const VERSION = 1;

/** See the header. */
export class ObjectStore {
  readonly #place: StorePlace;
  #database: Promise<IDBDatabase> | undefined;

  constructor(place: StorePlace) {
    this.#place = place;
  }

  /** Does something in a transaction of its own; resolves with the request's result once the transaction is complete. */
  async do<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<R> {
    this.#database ??= this.#open();
    const { store } = this.#place;
    const transaction = (await this.#database).transaction(store, mode);
    const request = act(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as R);
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up"));
    });
  }

  #open(): Promise<IDBDatabase> {
    const { database, store, options, factory } = this.#place;
    return new Promise((resolve, reject) => {
      const request = factory.open(database, VERSION);
      request.onupgradeneeded = () => request.result.createObjectStore(store, options);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}
