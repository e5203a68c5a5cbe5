import fc from "fast-check";

// A run that decides whether a change lands draws the same cases each time, so that it tells of that change alone. Everywhere
// else each run draws new ones: a disagreement found there is kept as a case of its own.
if (process.env["CI"] !== undefined) fc.configureGlobal({ seed: 20_261_127 });
