/** Draws docs/pictures: what the program prints for the recorded cluster, as SVG. `--check` only compares. */
import { join } from "node:path";
import { recorded, session } from "./docs/sessions.ts";
import { finish } from "./generated-files.ts";
import { htmlPicture } from "./pictures/html-picture.ts";
import { screenOf } from "./pictures/screen.ts";
import { shots, type Shot } from "./pictures/shots.ts";
import { svgOf } from "./pictures/svg.ts";

const root = join(import.meta.dirname, "..");

/** Most of what is printed fits; a terminal breaks the rest where it ends. */
const columns = 120;

async function draw({ argv, description }: Shot): Promise<string> {
  const title = ["kubectl cronaudit", ...argv].join(" ");
  const { shown } = await session([...argv, "--color", "always"], root, columns);
  return svgOf(await screenOf(`$ ${title}\n${shown}`, columns), { title, description });
}

async function drawPage(): Promise<string> {
  const { report } = await session(
    ["exposure", "cronjob/backup", "-n", "database", "-o", "html", "-f", recorded],
    root,
    columns,
  );
  return htmlPicture(report, { width: 1000, height: 1100, unfolded: 1 });
}

/** The pictures by path. */
export async function pictureFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  files.set("docs/pictures/page.svg", await drawPage());
  for (const shot of shots) files.set(`docs/pictures/${shot.name}.svg`, await draw(shot));
  return files;
}

if (import.meta.main) await finish(await pictureFiles(), root, process.argv.includes("--check"), "npm run pictures");
