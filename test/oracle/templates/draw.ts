import fc from "fast-check";

const KEYS = ["a", "b", "c", "name", "items", "x.y", "a b", "kubernetes.io/x", "10", "9", "Ä", "é"];
const key = fc.constantFrom(...KEYS);
const text = fc.oneof(
  fc.constantFrom("", "a", "b", "true", "null", "10", "it's", '"', "\\", "<&>", "\u001b[2J", "a\rb", "Ä€😀", "\u2028"),
  fc.string({ maxLength: 6, unit: "grapheme-ascii" }),
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 20 }),
  fc.constantFrom(0.5, 1e6, 1234567.5, 123456.5, 1e20, 1e21, 1.5e300, 0.0001, 0.00001234, -0.5, 2 ** 53, 0.1 + 0.2),
);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** A JSON document like a report: maps of a few names, lists of like items, and every kind of scalar. */
export const documents: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
  value: unknown;
  list: unknown[];
  map: Record<string, unknown>;
}>((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("map"), tie("list")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
})).map;

const escaped = (drawn: string): string => drawn.replaceAll(/[. ]/g, "\\$&");
const name = fc.oneof(key.map(escaped), fc.constantFrom("A", "q", ""));
const index = fc.integer({ min: -5, max: 5 }).map(String);
const bound = fc.oneof(index, fc.constant(""));
const slice = fc.oneof(
  index,
  fc.tuple(bound, bound).map((bounds) => bounds.join(":")),
  fc.tuple(bound, bound, fc.constantFrom("", "1", "2", "0", "-1")).map((bounds) => bounds.join(":")),
  fc.constantFrom("*", ":", "", "x"),
);
const part = fc.oneof(
  slice,
  key.map((drawn) => `'${drawn}'`),
);
const bracket = fc.oneof(
  part,
  fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(", ")),
);
const quotedText = fc.oneof(
  fc.constantFrom('"\\n"', '"\\t"', '"it\'s"', "'\\''", '"\\x41\\u00e9\\101"', '"\\q"', '"a\\\\"', '","', "'}'"),
  text.filter((drawn) => !/["\n\r]/.test(drawn)).map((drawn) => `"${drawn}"`),
);
const literal = fc.oneof(
  quotedText,
  number.map((drawn) => drawn.toFixed(Number.isInteger(drawn) ? 0 : 2)),
  fc.constantFrom("true", "false", "+1", "2.0", "1.2.3", "-", "null"),
);
const operator = fc.constantFrom("==", "==", "!=", "<", "<=", ">", ">=", "=", "<>");

/** A path to something that the document holds, now and then with another step. */
function realPath(document: unknown): fc.Arbitrary<string> {
  if (Array.isArray(document) && document.length > 0) {
    const child = document[0] as unknown;
    const rest = realPath(child);
    return fc.oneof(
      { arbitrary: fc.tuple(fc.constantFrom("[*]", "[0]", "[:]", "[-1]", "[0:1]"), rest).map(joined), weight: 4 },
      { arbitrary: fc.tuple(filter(child), rest).map(joined), weight: 2 },
      {
        arbitrary: fc
          .tuple(
            bracket.map((drawn) => `[${drawn}]`),
            rest,
          )
          .map(joined),
        weight: 1,
      },
      { arbitrary: fc.constant(""), weight: 1 },
    );
  }
  if (typeof document === "object" && document !== null && Object.keys(document).length > 0) {
    return fc.constantFrom(...Object.entries(document)).chain(([found, child]) => {
      const rest = realPath(child);
      return fc.oneof(
        { arbitrary: rest.map((drawn) => `.${escaped(found)}${drawn}`), weight: 6 },
        { arbitrary: rest.map((drawn) => `['${found}']${drawn}`), weight: 1 },
        { arbitrary: rest.map((drawn) => `..${escaped(found)}${drawn}`), weight: 1 },
        { arbitrary: rest.map((drawn) => `.*${drawn}`), weight: 1 },
        { arbitrary: name.map((drawn) => `.${drawn}`), weight: 1 },
      );
    });
  }
  return fc.constantFrom("", "", "", "", ".a", "[0]", ".*");
}

function filter(item: unknown): fc.Arbitrary<string> {
  const like = ["string", "number"].includes(typeof item)
    ? fc.constant(typeof item === "string" ? `"${item.replaceAll(/["\\\n\r]/g, "")}"` : String(item))
    : literal;
  return fc
    .tuple(
      realPath(item),
      fc.option(
        fc.tuple(
          operator,
          fc.oneof(
            literal,
            like,
            realPath(item).map((to) => `@${to}`),
          ),
        ),
      ),
    )
    .map(([left, right]) => `[?(@${left}${right === null ? "" : right[0] + right[1]})]`);
}

function joined(parts: readonly string[]): string {
  return parts.join("");
}

/** Templates of every feature over a document, some of which cannot be read, or do not fit. */
export function templates(document: Record<string, unknown>): fc.Arbitrary<string> {
  const path = realPath(document);
  const expression = fc.oneof(
    { arbitrary: path, weight: 8 },
    { arbitrary: fc.constantFrom("@", "$", "", " "), weight: 1 },
    { arbitrary: literal, weight: 1 },
    { arbitrary: fc.tuple(path, fc.constantFrom(" ", "$", "@"), path).map(joined), weight: 1 },
  );
  const block = fc.oneof(
    { arbitrary: expression.map((drawn) => `{${drawn}}`), weight: 8 },
    { arbitrary: path.map((drawn) => `{range ${drawn}}`), weight: 1 },
    { arbitrary: fc.constant("{end}"), weight: 1 },
    { arbitrary: fc.constantFrom(" ", "\n", "x", "}", "é"), weight: 2 },
  );
  const whole = fc.array(block, { minLength: 1, maxLength: 5 }).map(joined);
  const ranged = fc
    .tuple(path, fc.constantFrom("", "[*]"), whole, fc.constantFrom("{end}", "{end}", ""), whole)
    .map(([over, all, inside, end, rest]) => `{range ${over}${all}}${inside}${end}${rest}`);
  // One character too many or too few, as people leave them.
  const put = fc.constantFrom("", "{", "}", "[", "]", ")", "'", '"', "\\", "..", "\n", "?", "é", "-");
  const broken = fc
    .tuple(whole, fc.nat({ max: 40 }), put)
    .map(([drawn, at, character]) => drawn.slice(0, at) + character + drawn.slice(at + (character === "" ? 1 : 0)));
  return fc
    .oneof({ arbitrary: whole, weight: 5 }, { arbitrary: ranged, weight: 3 }, { arbitrary: broken, weight: 2 })
    .map((drawn) => drawn.toWellFormed())
    .filter((drawn) => drawn !== "");
}

const header = fc.oneof(fc.stringMatching(/^[A-Z]{1,9}$/), fc.constantFrom("", "a b", "Ä"));

function columnPath(document: Record<string, unknown>): fc.Arbitrary<string> {
  const path = realPath(document);
  return fc.oneof(
    { arbitrary: path, weight: 6 },
    { arbitrary: path.map((drawn) => drawn.replace(/^\./, "")), weight: 2 },
    { arbitrary: path.map((drawn) => `{${drawn}}`), weight: 2 },
    { arbitrary: fc.constantFrom("", "{", "{.a", "a}", "."), weight: 1 },
  );
}

/** What stands behind custom-columns=. */
export function specs(document: Record<string, unknown>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(header, fc.constantFrom(...":::::::".split(""), ""), columnPath(document)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((columns) => columns.map(joined).join(","));
}

/** Texts of a file of custom-columns-file. */
export function columnFiles(document: Record<string, unknown>): fc.Arbitrary<string> {
  const between = fc.constantFrom("\n", "\n", "\n\n", "\r\n", " ");
  return fc
    .tuple(fc.array(fc.tuple(header, columnPath(document)), { minLength: 1, maxLength: 3 }), between)
    .map(([columns, end]) => columns.map(([head]) => head).join("  ") + end + columns.map(([, at]) => at).join("\t"));
}
