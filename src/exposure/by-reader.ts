import { instant, toTime } from "../batch/time.ts";
import type { Reader, ReaderItem, SubjectRef } from "../model/report.ts";
import { isEveryone } from "../rbac/index.ts";
import { compareSubjects } from "../rbac/subjects.ts";
import { keyOf, sum, worst } from "./by-carrier.ts";
import { objectOf } from "./class.ts";
import type { Judgement } from "./judge.ts";
import type { Judged } from "./judged.ts";
import { SEVERITIES } from "./severity.ts";
import { atRest, isOpenIn, within, type Hours, type Interval } from "./windows.ts";

/** What one reader has of one credential. */
interface Share {
  judged: Judged;
  windows: Interval[];
  /** As the windows, as hours count them. */
  resting: Interval[];
  objects: string[];
  through: readonly string[];
  dated: boolean;
}

/** One item for each identity that reads any of them in the span. A window of one reader begins when its grant is proved, at the latest. */
export function byReader(
  all: readonly Judged[],
  { context, span, readersOf }: Pick<Judgement, "context" | "span" | "readersOf">,
): ReaderItem[] {
  const readers = new Map<string, { subject: SubjectRef; shares: Share[] }>();
  for (const judged of all) {
    const own = new Map<string, Share>();
    judged.carriers.forEach((carried, at) => {
      for (const reader of readersOf([carried]).readers.items) {
        const key = JSON.stringify(reader.subject);
        const share = own.getOrInsertComputed(key, () => {
          const fresh = { judged, windows: [], resting: [], objects: [], through: [], dated: false };
          readers.getOrInsertComputed(key, () => ({ subject: reader.subject, shares: [] })).shares.push(fresh);
          return fresh;
        });
        add(share, reader, judged.windowAt(at), judged.restingAt(at));
        share.objects.push(keyOf(objectOf(carried.found, context)));
      }
    });
  }
  const itemOf = ({ subject, shares }: { subject: SubjectRef; shares: Share[] }): ReaderItem => {
    const hours = shares.map(({ judged, resting }): Hours => atRest(within(resting, span), judged.uses, context.now));
    const from = Math.min(...shares.flatMap(({ windows }) => windows.map((one) => one.from)));
    return {
      subject,
      everyone: isEveryone(subject),
      severity: worst(shares.map(({ judged }) => judged.item.severity)),
      credentials: shares.map(({ judged }) => judged.item.id).sort(),
      carriers: new Set(shares.flatMap(({ objects }) => objects)).size,
      through: [...new Set(shares.flatMap(({ through }) => through))].sort(),
      since: shares.some(({ dated }) => dated) ? toTime(from) : null,
      atRestHours: {
        soFar: sum(hours.map(({ soFar }) => soFar))!,
        projected: sum(hours.map(({ projected }) => projected)),
      },
    };
  };
  return [...readers.values()]
    .map(({ subject, shares }) => ({
      subject,
      shares: shares.filter(({ windows }) => windows.some((one) => isOpenIn(one, span))),
    }))
    .filter(({ shares }) => shares.length > 0)
    .map(itemOf)
    .sort(inOrder);
}

function add(share: Share, { provedSince, through }: Reader, window: Interval, rest: Interval): void {
  const proved = instant(provedSince);
  // Empty where the window had closed before the grant is proved.
  const from = ({ from: opens, to }: Interval): number => Math.min(Math.max(opens, proved ?? -Infinity), to);
  share.windows.push({ from: from(window), to: window.to });
  share.resting.push({ from: from(rest), to: rest.to });
  share.dated ||= proved !== null;
  share.through = [...new Set([...share.through, ...through])];
}

function inOrder(a: ReaderItem, b: ReaderItem): number {
  return (
    Number(b.everyone) - Number(a.everyone) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.credentials.length - a.credentials.length ||
    compareSubjects(a.subject, b.subject)
  );
}
