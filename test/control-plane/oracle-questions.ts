/** What decides when a CronJob runs. */
export interface AskedSchedule {
  schedule: string;
  timeZone: string | null;
  /** The time zone of the controller-manager's process. */
  local: string;
}

/** A CronJob of which the controller looks for missed starts. Times in milliseconds since the epoch. */
export interface AskedMissed extends AskedSchedule {
  creation: number;
  lastScheduleTime: number | null;
  startingDeadlineSeconds: number | null;
  now: number;
}

/** Why the controller cannot use a schedule. */
export interface Invalid {
  invalid: string;
}

/** What kubectl prints, why it refuses to, or what it crashes with. */
export interface Printed {
  text: string;
  refused?: string;
  panicked?: string;
}

/** The kinds of questions that the oracle answers besides cases for the authorizers: kubernetes/oracle. */
export interface Questions {
  /** Times in seconds since the epoch. An answer has `count` activations for each start, or fewer where none follows. */
  schedule: { asked: AskedSchedule & { starts: number[]; count: number }; answer: Invalid | { next: number[][] } };
  missed: {
    asked: AskedMissed;
    answer:
      | Invalid
      | {
          /** What makes an event InvalidSchedule. */
          invalidSchedule?: string;
          earliest: number;
          mostRecent: number | null;
          /** 0 for none, 1 for few, 2 for many. */
          missed: 0 | 1 | 2;
          /** Milliseconds from now. */
          requeue: number;
        };
  };
  /** One digit a name: 1 where time.LoadLocation finds it, and where the API server takes it. */
  zones: { asked: { names: string[] }; answer: { loaded: string; valid: string } };
  /** The names in a zoneinfo.zip. */
  zoneNames: { asked: { zip: string }; answer: { names: string[] } };
  /** The seconds from which an offset applies, the first of them `from`, and the offset in seconds. */
  offsets: { asked: { zone: string; from: number; to: number }; answer: { spans: [start: number, offset: number][] } };
  /** Pods and Jobs as an API server serves them; times in seconds since the epoch, null where there is none. */
  finish: {
    asked: { pods: object[]; jobs: object[] };
    answer: {
      pods: (number | null)[];
      jobs: { condition: "Complete" | "Failed" | ""; at: number | null }[];
    };
  };
  /** What `kubectl get -o jsonpath=…` prints of a document; `found` has the texts of each list of results. */
  template: { asked: { output: string; document: object }; answer: Printed & { found?: string[][] } };
  /** What `kubectl get -o custom-columns=…` prints of a list. */
  columns: { asked: { spec: string; isFile: boolean; noHeaders: boolean; items: object[] }; answer: Printed };
}
