import type { ScheduleCase } from "./cases.ts";

/** Simpler cases are tried for as long as `differs` still holds of one. The case given must differ, and have one start. */
export async function shrink(
  asked: ScheduleCase,
  differs: (simpler: ScheduleCase) => Promise<boolean>,
): Promise<ScheduleCase> {
  let current = asked;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const simpler of candidates(current)) {
      if (!(await differs(simpler))) continue;
      current = simpler;
      shrunk = true;
      break;
    }
  }
  return current;
}

function* candidates(asked: ScheduleCase): Generator<ScheduleCase> {
  const { schedule, timeZone, local, starts } = asked;
  if (local !== "UTC") yield { ...asked, local: "UTC" };
  if (timeZone !== null) yield { ...asked, timeZone: null };
  if (timeZone !== null && timeZone !== "UTC") yield { ...asked, timeZone: "UTC" };
  for (const simpler of simplerSchedules(schedule)) yield { ...asked, schedule: simpler };
  const midnight = Math.floor(starts[0]! / 86_400) * 86_400;
  if (midnight !== starts[0]) yield { ...asked, starts: [midnight] };
}

/** Fields become a star or lose an entry, a range its step, and the white space what is unusual about it. */
function* simplerSchedules(schedule: string): Generator<string> {
  const prefix = /^(?:CRON_)?TZ=[^ ]* /.exec(schedule)?.[0] ?? "";
  if (prefix !== "") yield schedule.slice(prefix.length);
  const fields = schedule.slice(prefix.length).split(" ");
  for (const [index, field] of fields.entries()) {
    const entries = field.split(",");
    const simpler = [
      ...(field === "*" ? [] : ["*"]),
      ...(entries.length > 1 ? entries.map((_, entry) => entries.toSpliced(entry, 1).join(",")) : []),
      ...(field.includes("/") ? [field.slice(0, field.indexOf("/"))] : []),
      ...(/^[1-9][0-9]*$/.test(field) ? ["0", "1"].filter((one) => one < field) : []),
    ];
    for (const one of simpler) yield prefix + fields.with(index, one).join(" ");
  }
}
