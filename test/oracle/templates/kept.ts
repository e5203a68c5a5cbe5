import type { Asked } from "./compare.ts";

const backups = {
  items: [
    { name: "a", hours: 12, share: 0.5, closes: null, tags: ["x", "y"], labels: { "app.io/name": "db" } },
    { name: "b", hours: 1234567.5, share: 1, closes: "2026-11-22T05:41:09Z", tags: [], labels: {} },
  ],
  none: [],
  lists: [[], [1], [2, 3]],
  mark: "<&>",
};

/** A case with what kubectl prints; null where it refuses. */
interface Kept {
  why: string;
  asked: Asked;
  want: string | null;
}

function template(why: string, text: string, want: string | null, document: object = backups): Kept {
  return { why, asked: { template: text, document, asJson: false }, want };
}

function columns(why: string, spec: string, want: string | null, items: object[] = backups.items): Kept {
  return { why, asked: { spec, isFile: false, noHeaders: false, items }, want };
}

/** What is easily taken to be otherwise; both this program and kubectl are held to it. */
export const KEPT: readonly Kept[] = [
  template("a dot alone is a field without a name", "{.}", ""),
  template("@ and $ are the document where a range is at it", "{range .items[*]}{@.name}{$.name};{end}", "aa;bb;"),
  template("a missing field is nothing, and no error", "{.missing.x}|{.items[*].missing}", "|"),
  template("null is printed", "{.items[0].closes}", "null"),
  template("a range over null has no value", "{range .items[*].closes}{@} {end}", "<no value> 2026-11-22T05:41:09Z "),
  template("a fraction gets an exponent from a million on", "{.items[*].hours}", "12 1.2345675e+06"),
  template("an index out of bounds is an error", "{.items[2]}", null),
  template("an index of an empty list too", "{.none[0]}", null),
  template("a slice of nothing is none", "{.none[0:0]}", ""),
  template("an empty slice leaves the lists behind it out", "{.lists[*][0:0]}{.lists[1:][0]}", "1 2"),
  template("a list is JSON, and HTML's characters are escaped in it", "{.items[0].tags} {@['mark']}", '["x","y"] <&>'),
  template("as are those of a map", "{@}", '{"mark":"\\u003c\\u0026\\u003e"}', { mark: "<&>" }),
  template("names of a map are sorted", "{@}", '{"10":1,"9":2,"a":3}', { a: 3, "9": 2, "10": 1 }),
  template("a filter that compares with null is an error", '{.items[?(@.closes=="x")].name}', null),
  template("one that asks whether a field is there finds null", "{.items[?(@.closes)].name}", "a b"),
  template("one that fails has found what it failed at", "{.items[?(@.tags[1])].name}", "a b"),
  template("whole numbers and fractions do not compare", "{.items[?(@.hours>1)].name}", null),
  template("a fraction of 0 is none to a document", "{.items[?(@.share==1.0)].name}", null),
  template("a parenthesis in quotes ends no filter", '{.items[?(@.name!=")")].name}', "a b"),
  template("escaped dots are of the name", "{.items[0].labels.app\\.io/name}", "db"),
  template("a name in brackets holds dots only where they are escaped", "{.items[0].labels['app\\.io/name']}", "db"),
  template("several names are found one after the other", "{.items[0]['hours','name']}", "12 a"),
  template("wildcards of a text are its bytes", "{.items[0].name.*}", "97"),
  template("a range over nothing skips to its end", "{range .none[*]}{.x}{end}|", "|"),
  template("a range without an end goes round and then once more", "{range .a[*]}{@}", '12{"a":[1,2]}', { a: [1, 2] }),
  template("an end without a range is an error", "{.mark}{end}", null),
  template("null is no word", "{.items[?(@.closes==null)]}", null),
  template("a tab is no space", "{.mark\t}", null),
  template("single quotes hold text as well", "{.mark}{'\\n'}", "<&>\n"),
  {
    why: "a fraction of minus nothing keeps its sign",
    asked: { template: "{-0.0}", document: {}, asJson: true },
    want: "[\n    -0\n]\n",
  },
  template("text in an expression takes the place of what was found", '{.mark "x"}', "x"),
  columns(
    "maps and lists are printed as Go prints them",
    "L:.labels,T:.tags,C:.closes",
    [
      "L                     T       C",
      "map[app.io/name:db]   [x y]   <nil>",
      "map[]                 []      2026-11-22T05:41:09Z",
      "",
    ].join("\n"),
  ),
  columns("what is missing is <none>", "A:.missing", "A\n<none>\n<none>\n"),
  columns("all that was found stands in one cell", "A:.tags[*]", "A\nx,y\n<none>\n"),
  columns("a column without a path is <none>", "A:", "A\n<none>\n<none>\n"),
  columns("without items there is the header", "NAME:.name,H:.hours", "NAME   H\n", []),
  columns("a comma in a path splits it", "A:.labels['a','b']", null),
];
