/** What an issuer writes down: a property that may be null may be left out. */
export type Issued<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T as null extends T[K] ? never : K]: Issued<T[K]> } & {
        readonly [K in keyof T as null extends T[K] ? K : never]?: Issued<NonNullable<T[K]>> | undefined;
      }
    : T;
