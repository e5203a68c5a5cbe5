import { ReleaseError } from "./errors.ts";

/** What CHANGELOG.md says about one version. */
export interface Notes {
  /** Its day, `2026-11-27`; null for what is not released. */
  date: string | null;
  /** The section without its heading. */
  text: string;
}

interface Section extends Notes {
  name: string;
}

function sections(changelog: string): Section[] {
  const heading = /^## \[?([^\]\s]{1,64})\]?(?:[ \t]{1,4}[-–][ \t]{1,4}(\d{4}-\d{2}-\d{2}))?[ \t]{0,8}$/gm;
  const found = [...changelog.matchAll(heading)];
  return found.map((match, index) => ({
    name: match[1]!,
    date: match[2] ?? null,
    text: changelog.slice(match.index + match[0].length, found[index + 1]?.index).trim(),
  }));
}

/**
 * The section of CHANGELOG.md that becomes the release's notes. It must be the newest, have a date that exists, and
 * leave nothing under Unreleased; otherwise throws ReleaseError. A rehearsal takes what is under Unreleased where the
 * version has no section yet.
 */
export function notesOf(changelog: string, version: string, rehearsal: boolean): Notes {
  const all = sections(changelog);
  const unreleased = all.find(({ name }) => name.toLowerCase() === "unreleased");
  const section = all.find(({ name }) => name === version);
  if (section === undefined) {
    if (rehearsal && unreleased !== undefined && unreleased.text !== "") return unreleased;
    throw new ReleaseError(
      `CHANGELOG.md has no section "## ${version} - YYYY-MM-DD": name what is under Unreleased so`,
    );
  }
  if (section.date === null || !isDay(section.date)) {
    throw new ReleaseError(`CHANGELOG.md gives ${version} no date: write "## ${version} - YYYY-MM-DD"`);
  }
  if (section.text === "") throw new ReleaseError(`CHANGELOG.md says nothing about ${version}`);
  if (unreleased !== undefined && unreleased.text !== "") {
    throw new ReleaseError(
      `CHANGELOG.md still has entries under Unreleased: move them to ${version}, or release them later`,
    );
  }
  const newest = all.find(({ name }) => name !== unreleased?.name);
  if (newest !== section)
    throw new ReleaseError(`CHANGELOG.md lists ${newest!.name} before ${version}: the newest comes first`);
  return section;
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
