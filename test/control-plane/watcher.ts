// Runs as a process of its own, started with the plane's directory. Its standard input is a pipe whose other end only
// the plane's owner holds, so that it closes when the owner ends, SIGKILL included.
import { removePlane } from "./directory.ts";

const directory = process.argv[2];
if (directory === undefined) throw new Error("watcher.ts DIRECTORY");

process.stdin.on("error", () => {});
process.stdin.once("close", () => {
  void removePlane(directory);
});
process.stdin.resume();
