import type { Place, Twin } from "../lab/stage.ts";
import { FINGERPRINT } from "../lab/workload.ts";
import type { Asked } from "./account-judgement.ts";
import { namesOf } from "./account-names.ts";

/** kubectl's template for one Secret, and for a list: a line `NAME VALUE` for each value. */
const VALUES = `{{$name := .metadata.name}}{{range .data}}{{$name}} {{. | base64decode}}{{"\\n"}}{{end}}`;
const ONE = VALUES;
const LIST = `{{range .items}}${VALUES}{{end}}`;

/**
 * What the workload's own process does once somebody is inside: it asks with its mounted token, and leaves as its last words one
 * JSON object a request: exit code, the server's reason, whether it names the account, how many values it got, and the fingerprints of those of its twin.
 * kubectl gets no flag about the connection: with any it no longer takes the pod's own configuration.
 */
export function accountScript({ namespace, other }: Place, twin: Pick<Twin, "name">): string {
  const { own, neighbour } = namesOf(twin);
  return `${FINGERPRINT}
ask() {
  asked=$1; shift
  got=$(kubectl get secrets "$@" 2>/tmp/said)
  code=$?
  said=
  while read -r line; do said=$line; done </tmp/said
  reason=\${said#*(}
  if [ "$reason" = "$said" ]; then reason=; fi
  reason=\${reason%%)*}
  case $reason in *[!A-Za-z]*) reason=;; esac
  named=false
  case $said in *'User "system:serviceaccount:${namespace}:${twin.name}"'*) named=true;; esac
  count=0; prints=
  while read -r name value; do
    if [ -z "$name" ]; then continue; fi
    count=$((count + 1))
    case $name in ${twin.name}-*) prints="$prints\${prints:+,}\\"$(fingerprint "$value")\\"";; esac
  done <<VALUES
$got
VALUES
  printf '{"asked":"%s","exit":%d,"reason":"%s","named":%s,"count":%d,"fingerprints":[%s]}\\n' \\
    "$asked" "$code" "$reason" "$named" "$count" "$prints" >>/dev/termination-log
}
if [ ! -e /var/run/secrets/kubernetes.io/serviceaccount/token ]; then
  echo '{"token":false}' >/dev/termination-log
  exit 0
fi
for try in 1 2 3 4 5 6 7 8 9 10; do
  kubectl get secrets -n ${namespace} ${own} -o name >/dev/null 2>&1 && break
  sleep 1
done
${ask("own", `-n ${namespace} ${own}`, ONE)}
${ask("list", `-n ${namespace}`, LIST)}
${ask("list-other", `-n ${other}`, LIST)}
${ask("neighbour", `-n ${namespace} ${neighbour}`, ONE)}
${ask("neighbour-other", `-n ${other} ${neighbour}`, ONE)}
exit 0`;
}

function ask(asked: Asked, what: string, template: string): string {
  return `ask ${asked} ${what} -o go-template='${template}'`;
}
