/**
 * What krew asks of a manifest and of an archive before it installs one: internal/index/validation/validate.go,
 * cmd/validate-krew-manifest, internal/installation/move.go and internal/download/downloader.go, and the wishes of those
 * who review its index.
 */
import { posix } from "node:path";

/** One platform of a plugin's manifest, as far as krew reads it. */
export interface Platform {
  uri?: string;
  sha256?: string;
  bin?: string;
  files?: { from?: string; to?: string }[];
  selector?: { matchLabels?: Record<string, string>; matchExpressions?: { key: string }[] };
}

/** A plugin's manifest, as far as krew reads it. */
export interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string };
  spec?: {
    version?: string;
    homepage?: string;
    shortDescription?: string;
    description?: string;
    caveats?: string;
    platforms?: Platform[];
  };
}

/** One entry of an archive: its type as tar names it, and whether its mode lets it run. */
export interface Packed {
  name: string;
  type: string;
  executable: boolean;
}

const windowsDevices = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
const semver =
  /^v(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})(?:-[0-9A-Za-z.-]{1,64})?(?:\+[0-9A-Za-z.-]{1,64})?$/;
const licences = /^(?:license|licenses)(?:\.txt|\.md)?$|^copying(?:\.txt)?$/i;

/** Every reason for which krew, its validator or its reviewers would refuse the manifest in a file `fileName`. */
export function manifestErrors(manifest: Manifest, fileName: string): string[] {
  const { apiVersion, kind, metadata: { name = "" } = {}, spec = {} } = manifest;
  const { version = "", shortDescription = "", description = "", homepage = "", platforms = [] } = spec;
  const rules: [boolean, string][] = [
    [apiVersion === "krew.googlecontainertools.github.com/v1alpha2", "apiVersion is not the one that krew reads"],
    [kind === "Plugin", "kind is not Plugin"],
    [/^[\w-]+$/.test(name), "the name has other characters than letters, digits, _ and -"],
    [!windowsDevices.test(name), "the name is one of a device on Windows"],
    [fileName === `${name}.yaml`, "the file's name is not the plugin's"],
    [semver.test(version), "the version is no semantic version that begins with v"],
    [shortDescription !== "", "there is no short description"],
    [!/[\r\n]/.test(shortDescription), "the short description has more than one line"],
    [shortDescription.length <= 50, "the short description is longer than the 50 characters that reviewers accept"],
    [description !== "", "there is no description"],
    [/^https:\/\/\S+$/.test(homepage), "there is no homepage"],
    [platforms.length > 0, "there is no platform"],
  ];
  const own = rules.filter(([holds]) => !holds).map(([, error]) => error);
  const pairs = platforms.map(({ selector }) => JSON.stringify(selector?.matchLabels ?? {}));
  const twice = pairs.some((pair, index) => pairs.indexOf(pair) !== index) ? ["two platforms have one selector"] : [];
  return [
    ...own,
    ...twice,
    ...platforms.flatMap((platform, index) =>
      platformErrors(platform).map((error) => `platform ${String(index)}: ${error}`),
    ),
  ];
}

function platformErrors({ uri = "", sha256 = "", bin = "", files, selector }: Platform): string[] {
  const keys = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
  const rules: [boolean, string][] = [
    [uri !== "", "there is no uri"],
    [/^[a-f0-9]{64}$/.test(sha256), "sha256 is no sum in lower case"],
    [bin !== "", "there is no bin"],
    [keys.length > 0, "the selector is empty"],
    [keys.every((key) => key === "os" || key === "arch"), "the selector has another key than os and arch"],
    [files === undefined || files.length > 0, "files is empty"],
    [
      (files ?? []).every(({ from = "", to = "" }) => from !== "" && to !== ""),
      "an operation of files lacks from or to",
    ],
    [(files ?? []).every(({ to = "." }) => posix.normalize(to) === to), "a `to` of files is no clean path"],
  ];
  return rules.filter(([holds]) => !holds).map(([, error]) => error);
}

/** Every reason for which krew or its validator would refuse an archive with these entries for the platform. */
export function archiveErrors(
  entries: readonly Packed[],
  { bin = "", files = [{ from: "*", to: "." }] }: Platform,
): string[] {
  const names = entries.filter(({ type }) => type === "file").map(({ name }) => name);
  const installed = files.flatMap(({ from = "" }) => (from === "*" ? names : names.filter((name) => name === from)));
  const program = entries.find(({ name }) => name === bin);
  const rules: [boolean, string][] = [
    [entries.every(({ name }) => !name.includes("..")), "an entry's name contains .."],
    [entries.every(({ name }) => !/^[/\\]/.test(name)), "an entry's name begins with a separator"],
    [entries.every(({ type }) => type === "file" || type === "directory"), "an entry is neither file nor directory"],
    [files.every(({ from = "" }) => from === "*" || names.includes(from)), "a `from` of files is in no entry"],
    [program !== undefined && installed.includes(bin), "bin is not installed"],
    [program?.executable === true, "bin cannot be run"],
    [installed.some((name) => licences.test(posix.basename(name))), "no licence file is installed"],
  ];
  return rules.filter(([holds]) => !holds).map(([, error]) => error);
}
