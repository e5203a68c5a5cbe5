import { describe, expect, test } from "vitest";
import { findInCommand } from "../../../src/credentials/command.ts";
import { findInValue } from "../../../src/credentials/values.ts";

const PASSWORD = "Zx81hunterQQ";

/** The sure credentials of a script. */
function inScript(script: string): string[] {
  return findInCommand(["sh", "-c", script], []).flatMap(({ verdict, text }) =>
    verdict.confidence === "possible" ? [] : text,
  );
}

describe("what echo and printf print is read as they print it", () => {
  test.each([
    `printf "password=${PASSWORD}\\nuser=app\\n" > /etc/app.conf`,
    `echo -e "name=app\\npassword=${PASSWORD}\\nport=1" > app.ini`,
    `printf 'password=%s\\n' '${PASSWORD}'`,
    `printf '%s=%s\\n' password '${PASSWORD}' user app >> app.env`,
    `printf '%s\\n' '${PASSWORD}' | passwd --stdin app`,
    `printf '%s:%s' app ${PASSWORD} | chpasswd`,
    `printf '${PASSWORD}\\n' | docker login -u app --password-stdin`,
    `echo machine example.com login app password ${PASSWORD} >> ~/.netrc`,
    `printf "password=\${DB_PASSWORD:-${PASSWORD}}\\n" > a.env`,
  ])("%s", (script) => {
    expect(inScript(script)).toEqual([PASSWORD]);
  });

  test.each([
    `printf "password=%s\\n" "$DB_PASSWORD" > a.env`,
    "printf '%s' \"$TOKEN\" | docker login --password-stdin",
    "printf 'password=%s\\n'",
    "echo -e 'done\\nok' > /tmp/state",
    "echo changing the password of the application",
  ])("no credential: %s", (script) => {
    expect(inScript(script)).toEqual([]);
  });
});

describe("a file that is called after what is written to it", () => {
  test.each([
    `echo '${PASSWORD}' > /tmp/.vault_pass`,
    `echo -n ${PASSWORD} >> /run/db_password`,
    `printf '%s' ${PASSWORD} > "/root/password.txt"`,
    `cat > /root/.vault_pass <<'EOF'\n${PASSWORD}\nEOF`,
    `echo "db:5432:app:app:${PASSWORD}" > ~/.pgpass`,
    `echo "password=${PASSWORD}" > /tmp/db_password`,
  ])("%s", (script) => {
    expect(inScript(script)).toEqual([PASSWORD]);
  });

  test.each([
    'echo "$PASSWORD" > /tmp/.vault_pass',
    "echo wrong 2> /tmp/password",
    "echo done > /tmp/state",
    "cat a b > /tmp/password",
    "echo /run/secrets/x > /tmp/password",
  ])("no credential: %s", (script) => {
    expect(inScript(script)).toEqual([]);
  });
});

describe("a command that a program asks for its password", () => {
  test.each(["RESTIC_PASSWORD_COMMAND", "BORG_PASSCOMMAND"])("%s", (name) => {
    expect(findInValue(name, `echo ${PASSWORD}`).map(({ text }) => text)).toEqual([PASSWORD]);
    expect(findInValue(name, `printf '%s\\n' '${PASSWORD}'`).map(({ text }) => text)).toEqual([PASSWORD]);
    expect(findInValue(name, "cat /run/secrets/restic")).toEqual([]);
    expect(findInValue(name, "echo $PASSWORD")).toEqual([]);
    expect(inScript(`export ${name}="echo ${PASSWORD}"; backup run`)).toEqual([PASSWORD]);
  });
});
