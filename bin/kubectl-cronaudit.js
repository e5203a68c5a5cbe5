#!/usr/bin/env node
// Exit status: 0 done; 1 findings at or above --fail-on; 2 usage, connection or cluster error;
// 3 the evidence was incomplete; 130 interrupted (128 + the signal). 2 outranks 1, 1 outranks 3. A closed pipe is no error.
// Old releases of Node must be able to parse this file, or they could not say what is missing.
import module from "module";
import { existsSync } from "fs";

var needed = 26;
if (Number(process.versions.node.split(".")[0]) < needed) {
  process.stderr.write(
    "error: kubectl-cronaudit needs Node " + needed + " or later, this is Node " + process.versions.node + "\n",
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  var source = new URL("../src/main.ts", import.meta.url);
  import(existsSync(source) ? source.href : new URL("../dist/main.mjs", import.meta.url).href)
    .then(function (program) {
      return program.run(process);
    })
    .then(function (status) {
      process.exitCode = status;
    });
}
