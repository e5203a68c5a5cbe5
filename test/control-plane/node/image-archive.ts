import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { pack } from "tar-stream";

const run = promisify(execFile);

/** What an image holds beside busybox and the links to it. */
export interface ImageContent {
  /** Adds the kubectl of the plane as /usr/local/bin/kubectl. */
  kubectl?: boolean;
  /** More files, by absolute path; mode 0755. Any difference gives the image another digest. */
  files?: Record<string, string>;
  /** Environment variables that the image itself sets. */
  env?: Record<string, string>;
  /** What a container without `command` runs; a shell that ends at once when absent. */
  command?: string[];
}

/** One file system layer, as an uncompressed tar archive. */
export type Layer = Buffer;

/** One image as an OCI layout in a tar archive, which `ctr images import` reads. */
export interface ImageArchive {
  archive: Buffer;
  /** `sha256:…` of its manifest: what comes after the `@` of a pinned reference. */
  digest: string;
  /** `sha256:…` of its configuration. */
  id: string;
}

type Entry = { mode?: number } & ({ text: string | Buffer } | { linkTo: string } | { folder: true });

/** Times are left out, so that the same entries are the same bytes. */
async function layer(entries: Record<string, Entry>): Promise<Layer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const [path, entry] of Object.entries(entries)) {
    const header = { name: path.slice(1), mtime: new Date(0) };
    if ("text" in entry) tar.entry({ ...header, mode: entry.mode ?? 0o755 }, entry.text);
    else if ("linkTo" in entry) tar.entry({ ...header, type: "symlink", linkname: entry.linkTo });
    else tar.entry({ ...header, type: "directory", mode: entry.mode ?? 0o755 });
  }
  tar.finalize();
  return whole;
}

/** The layer that every image begins with: the machine's static busybox under the names of all that it can do. */
export async function busyboxLayer(busybox: string): Promise<Layer> {
  const names = (await run(busybox, ["--list"])).stdout.trim().split("\n");
  const links = names.filter((name) => name !== "busybox").map((name) => [`/bin/${name}`, { linkTo: "busybox" }]);
  return layer({
    "/bin": { folder: true },
    "/bin/busybox": { text: await readFile(busybox) },
    ...(Object.fromEntries(links) as Record<string, Entry>),
    "/etc": { folder: true },
    "/etc/passwd": { text: "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n", mode: 0o644 },
    "/tmp": { folder: true, mode: 0o1777 },
  });
}

/** The layer with the plane's kubectl. */
export async function kubectlLayer(kubectl: string): Promise<Layer> {
  return layer({ "/usr/local/bin/kubectl": { text: await readFile(kubectl) } });
}

/** The layer with a test's own files. */
export async function fileLayer(files: Record<string, string>): Promise<Layer> {
  return layer(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { text }])));
}

const digestOf = (data: string | Buffer) => `sha256:${createHash("sha256").update(data).digest("hex")}`;

/** The image of these layers, to be known as each of `references`; `@` at the end of one stands for its digest. */
export async function imageArchive(
  layers: Layer[],
  { env = {}, command = ["/bin/sh"] }: ImageContent,
  references: string[],
): Promise<ImageArchive> {
  const blobs = new Map<string, Buffer>();
  const describe = (mediaType: string, data: string | Buffer) => {
    const bytes = Buffer.from(data);
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest, size: bytes.length };
  };
  const Env = ["PATH=/usr/local/bin:/bin", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const described = layers.map((data) => describe("layer.v1.tar", data));
  const configuration = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Env, Cmd: command },
    rootfs: { type: "layers", diff_ids: described.map(({ digest }) => digest) },
  };
  const config = describe("config.v1+json", JSON.stringify(configuration));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = describe(
    "manifest.v1+json",
    JSON.stringify({ schemaVersion: 2, mediaType, config, layers: described }),
  );
  const manifests = references.map((reference) => ({
    ...manifest,
    annotations: { "io.containerd.image.name": reference.endsWith("@") ? reference + manifest.digest : reference },
  }));
  const archive = await layer({
    "/oci-layout": { text: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
    "/index.json": { text: JSON.stringify({ schemaVersion: 2, manifests }) },
    ...Object.fromEntries(
      [...blobs].map(([digest, data]) => [`/blobs/sha256/${digest.slice("sha256:".length)}`, { text: data }]),
    ),
  });
  return { archive, digest: manifest.digest, id: config.digest };
}
