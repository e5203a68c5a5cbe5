// Every npm script that needs Node 26 runs this first, on whatever Node it finds: plain syntax, one clear line.
const major = Number(process.versions.node.split(".")[0]);
if (major < 26) {
  process.stderr.write(
    `error: this clone runs on Node 26, but found ${process.version}.\n` +
      "       npm ci brings Node 26 as an optional package; it is missing when npm ran with --omit=optional or --ignore-scripts,\n" +
      "       or on a platform without such a package. Run npm ci without them, or put Node 26 first in PATH.\n",
  );
  process.exit(2);
}
