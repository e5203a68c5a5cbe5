/** Typed reading of an untyped mapping; a field of another type throws an Error that names its path, never its value. */
export class Fields {
  readonly #value: Record<string, unknown>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`${path || "the file"} must be a mapping`);
    }
    this.#value = value as Record<string, unknown>;
    this.#path = path;
  }

  raw(key: string): unknown {
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }

  /** Undefined where it is absent or empty, which kubeconfigs treat alike. */
  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value == null || value === "") return undefined;
    if (typeof value !== "string") throw new Error(`${this.#at(key)} must be a string`);
    return value;
  }

  texts<K extends string>(...keys: K[]): Partial<Record<K, string>> {
    const result: Partial<Record<K, string>> = {};
    for (const key of keys) {
      const value = this.text(key);
      if (value !== undefined) result[key] = value;
    }
    return result;
  }

  flags<K extends string>(...keys: K[]): Partial<Record<K, boolean>> {
    const result: Partial<Record<K, boolean>> = {};
    for (const key of keys) {
      const value = this.raw(key);
      if (value == null) continue;
      if (typeof value !== "boolean") throw new Error(`${this.#at(key)} must be true or false`);
      result[key] = value;
    }
    return result;
  }

  strings(key: string): string[] {
    return this.#array(key).map((value, index) => {
      if (typeof value !== "string") throw new Error(`${this.#at(key)}[${index}] must be a string`);
      return value;
    });
  }

  stringLists(key: string): Record<string, string[]> {
    const child = this.child(key);
    if (child === null) return {};
    return Object.fromEntries(Object.keys(child.#value).map((name) => [name, child.strings(name)]));
  }

  child(key: string): Fields | null {
    const value = this.raw(key);
    return value == null ? null : new Fields(value, this.#at(key));
  }

  list(key: string): Fields[] {
    return this.#array(key).map((value, index) => new Fields(value, `${this.#at(key)}[${index}]`));
  }

  /** A list of `{ name, <key>: … }`. The same name twice in one file is an error, as it is to kubectl. */
  named<T>(listKey: string, key: string, read: (fields: Fields) => T): Map<string, T> {
    const result = new Map<string, T>();
    for (const entry of this.list(listKey)) {
      const name = entry.text("name") ?? "";
      if (result.has(name)) throw new Error(`duplicate name "${name}" in ${listKey}`);
      result.set(name, read(entry.child(key) ?? new Fields({}, key)));
    }
    return result;
  }

  #array(key: string): unknown[] {
    const value = this.raw(key);
    if (value == null) return [];
    if (!Array.isArray(value)) throw new Error(`${this.#at(key)} must be a list`);
    return value as unknown[];
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }
}
