/** Tells whether parsed JSON has a type of the model, so that a crafted snapshot is refused instead of judged. */
export type Shape = (value: unknown) => boolean;

export const string: Shape = (value) => typeof value === "string";
export const boolean: Shape = (value) => typeof value === "boolean";
export const integer: Shape = (value) => Number.isSafeInteger(value);
export const time: Shape = (value) =>
  typeof value === "string" &&
  value.length <= 32 &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) &&
  !Number.isNaN(Date.parse(value));

export function nullable(shape: Shape): Shape {
  return (value) => value === null || shape(value);
}

/** For a field that may be absent. */
export function optional(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

export function list(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every((item) => shape(item));
}

export function map(shape: Shape): Shape {
  return (value) => isObject(value) && Object.values(value).every((item) => shape(item));
}

export function oneOf(...texts: string[]): Shape {
  return (value) => typeof value === "string" && texts.includes(value);
}

/** An object with these fields, all that are not optional, and no others; the type parameter makes the compiler ask for a shape of each. */
export function object<T>(fields: { [K in keyof Required<T>]: Shape }): Shape {
  const shapes = Object.entries(fields) as [string, Shape][];
  return (value) =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    shapes.every(([key, shape]) => shape(Object.hasOwn(value, key) ? value[key] : undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
