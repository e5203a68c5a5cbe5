import { TemplateError } from "../template-error.ts";
import { isFloat } from "./values.ts";

type Kind = "bool" | "int" | "uint" | "float" | "string";

/** Compares two values as kubectl's filters do. Throws TemplateError for types that do not go together. */
export function compare(left: unknown, operator: string, right: unknown): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
      return less(left, right);
    case "<=":
      return less(left, right) || equal(left, right);
    case ">":
      return !(less(left, right) || equal(left, right));
    case ">=":
      return !less(left, right);
    default:
      throw new TemplateError(`unrecognized filter operator ${operator}`);
  }
}

function equal(left: unknown, right: unknown): boolean {
  check(left, right);
  return plain(left) === plain(right);
}

function less(left: unknown, right: unknown): boolean {
  if (check(left, right) === "bool") throw new TemplateError("invalid type for comparison");
  const [a, b] = [plain(left), plain(right)];
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  return a < b;
}

/** The kind that both are of. */
function check(left: unknown, right: unknown): Kind {
  const [a, b] = [kindOf(left), kindOf(right)];
  const whole = (kind: Kind): boolean => kind === "int" || kind === "uint";
  if (a !== b && !(whole(a) && whole(b))) throw new TemplateError("incompatible types for comparison");
  return a;
}

function kindOf(value: unknown): Kind {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "bigint") return "uint";
  if (typeof value === "number") return isInteger(value) ? "int" : "float";
  if (isFloat(value)) return "float";
  throw new TemplateError("invalid type for comparison");
}

/** True for what JSON writes without fraction or exponent, and 64 bits hold: Go reads it as an integer. */
export function isInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function plain(value: unknown): string | number | boolean {
  if (isFloat(value)) return value.float;
  return typeof value === "bigint" ? Number(value) : (value as string | number | boolean);
}
