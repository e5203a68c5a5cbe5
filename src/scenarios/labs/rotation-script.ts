import { FINGERPRINT } from "../lab/workload.ts";

/** The longest that a run waits for a second one: over the next slot, and what the second takes to begin. */
const BARRIER_SECONDS = 95;
/** The longest that one run waits for the write of the other; over well before the next slot or a run's deadline. */
const OTHER_SECONDS = 18;

/**
 * What a container runs that rotates the value of $SECRET as its own process, with kubectl and its own token: it reads, waits
 * until another run has read as well, and writes a value of its own; the run whose name is the first writes first. In
 * $BARRIER each run says how far it is. Its last words are a RotationReport: values by their fingerprint alone.
 */
export const ROTATE = `${FINGERPRINT}
export HOME=/tmp
note() { kubectl patch configmap "$BARRIER" --type merge --patch "{\\"data\\":{\\"$RUN.$1\\":\\"\\"}}" >/dev/null; }
runs() { kubectl get configmap "$BARRIER" -o 'go-template={{range $key, $value := .data}}{{$key}}
{{end}}' | sed -n "s/\\.$1\$//p"; }
count() { runs "$1" | wc -l; }
now() { date +%s; }
until_two() {
  end=$(($(now) + $2))
  while [ "$(now)" -lt "$end" ] && [ "$(count "$1")" -lt 2 ]; do sleep 1; done
}
secret() { kubectl get secret "$SECRET" -o 'go-template={{.metadata.resourceVersion}} {{.data.value}}'; }
value() { printf %s "\${1#* }" | base64 -d; }

before=$(secret) || exit 3
note read || exit 4
until_two read ${String(BARRIER_SECONDS)}
seen=$(count read)
others=
first=$(runs read | head -n 1)
if [ "$seen" -gt 1 ] && [ "$first" != "$RUN" ]; then
  end=$(($(now) + ${String(OTHER_SECONDS)}))
  while ! runs wrote | grep -qxF "$first"; do
    # The other has been ended: there is nobody left to wait for.
    if [ "$(now)" -ge "$end" ]; then others=gone; break; fi
    sleep 1
  done
fi
new=$(head -c 24 /dev/urandom | sha256sum)
new=\${new%% *}
condition=
[ -z "$LOCKED" ] || condition="\\"metadata\\":{\\"resourceVersion\\":\\"\${before%% *}\\"},"
said=$(printf '{%s"data":{"value":"%s"}}' "$condition" "$(printf %s "$new" | base64 | tr -d '\\n')" |
  kubectl patch secret "$SECRET" --type merge --patch-file /dev/stdin 2>&1 >/dev/null)
if [ $? -eq 0 ]; then refused=; else
  refused=\${said#*Error from server (}
  refused=$(printf %s "\${refused%%)*}" | tr -cd A-Za-z | head -c 40)
  refused=\${refused:-Unknown}
  # kubectl gives any 409 that reason; the server's own names the Secret.
  case $said in *"Operation cannot be fulfilled on secrets \\"$SECRET\\""*) ;; *)
    if [ "$refused" = Conflict ]; then refused=Unknown; fi;;
  esac
fi
note wrote || exit 5
[ "$seen" -lt 2 ] || [ -n "$others" ] || until_two wrote ${String(OTHER_SECONDS)}
after=$(secret) || exit 6
printf '{"first":"%s","runs":%d,"read":"%s","own":"%s","refused":"%s","found":"%s"}' "$first" "$seen" \\
  "$(fingerprint "$(value "$before")")" "$(fingerprint "$new")" "$refused" "$(fingerprint "$(value "$after")")" \\
  >/dev/termination-log
`;

/** What a run says of itself when it ends. */
export interface RotationReport {
  /** The pod whose run read first by its name. */
  first: string;
  /** How many runs had read when it went on. */
  runs: number;
  /** Fingerprints of what it read, of its own new value, and of what it found in the end. */
  read: string;
  own: string;
  found: string;
  /** The reason that its write was refused for; empty where it was accepted. */
  refused: string;
}

/** What a container's last words say; null where they are no report. */
export function reportOf(words: string | null): RotationReport | null {
  const pattern =
    /^\{"first":"([\w.-]{1,253})","runs":(\d{1,3}),"read":"([0-9a-f]{32})","own":"([0-9a-f]{32})","refused":"([A-Za-z]{0,40})","found":"([0-9a-f]{32})"\}$/;
  const [, first, runs, read, own, refused, found] = pattern.exec(words ?? "") ?? [];
  if (first === undefined || read === undefined || own === undefined || found === undefined) return null;
  return { first, runs: Number(runs), read, own, refused: refused ?? "", found };
}
