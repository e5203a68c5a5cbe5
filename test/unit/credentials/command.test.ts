import { describe, expect, test } from "vitest";
import { findInCommand } from "../../../src/credentials/command.ts";

/** A command line, and for each credential expected: what it is called, its index, its text. */
const LINES: [string[], [string, number, string][]][] = [
  [["pg_dump", "--password", "hunter2"], [["--password", 2, "hunter2"]]],
  [["app", "--token=abcdef12"], [["--token", 1, "abcdef12"]]],
  [["app", "-password=hunter2"], [["-password", 1, "hunter2"]]],
  [["java", "-Dspring.datasource.password=hunter2"], [["-Dspring.datasource.password", 1, "hunter2"]]],
  [["mysql", "-phunter2", "db"], [["-p", 1, "hunter2"]]],
  [["/usr/bin/mysqldump", "-phunter2"], [["-p", 1, "hunter2"]]],
  [["mysql", "-p", "database"], []],
  [["ls", "-phunter2"], []],
  [["mongodump", "-p", "hunter2"], [["-p", 2, "hunter2"]]],
  [["redis-cli", "-a", "hunter2"], [["-a", 2, "hunter2"]]],
  [["curl", "-u", "a:hunter2", "http://h"], [["-u", 2, "hunter2"]]],
  [["curl", "--user", "alice", "http://h"], []],
  [["curl", "-H", "Authorization: Bearer abcdefghijklmnop123"], [["argument", 2, "abcdefghijklmnop123"]]],
  [["psql", "postgres://u:hunter2@h/db"], [["argument", 1, "hunter2"]]],
  [["env", "PGPASSWORD=hunter2", "psql"], [["PGPASSWORD", 1, "hunter2"]]],
  [["sh", "-c", "PGPASSWORD=hunter2 pg_dump -h db"], [["PGPASSWORD", 2, "hunter2"]]],
  [["sh", "-ec", "set -x\nmysql -u root -p'hunter 2' db"], [["-p", 2, "hunter 2"]]],
  [["bash", "-c", "bash -c 'PGPASSWORD=nested psql'"], [["PGPASSWORD", 2, "nested"]]],
  [["sh", "-c", 'mysql -p"$PW" --password=$X -u root; curl -u "a:$B" h'], []],
  [["sh", "-c", "export API_TOKEN=`cat /run/token`"], []],
  [["sh", "-c", "# --password hunter2\ntrue"], []],
  [["app", "--password-file=/a/b", "--token-ttl", "30", "--secret-name", "x"], []],
  [["app", "--password", "--verbose"], []],
  // An option with its value joined, which looks like an option that is called a password.
  [["mysqldump", "-uroot", "-pMyPassword", "mydb"], [["-p", 2, "MyPassword"]]],
  [["mysqldump", "-pMyPassword=1", "mydb"], [["-p", 1, "MyPassword=1"]]],
  [["sh", "-c", "mysqldump -pMyPassword mydb"], [["-p", 2, "MyPassword"]]],
  [["sshpass", "-pRootPassword1", "ssh", "-p", "2222", "h"], [["-p", 1, "RootPassword1"]]],
  [["sshpass", "-p", "hunter2", "ssh", "-p", "2222", "h"], [["-p", 2, "hunter2"]]],
  [["7z", "-pMyArchivePassword", "x", "a.7z"], [["-p", 1, "MyArchivePassword"]]],
  [["cqlsh", "-pCassPassword", "h"], [["-p", 1, "CassPassword"]]],
  [["app", "-pMyPassword", "mydb"], [["argument", 2, "mydb"]]],
  [["app", "-pMyPassword=1"], [["argument", 1, "1"]]],
  [["app", "-db-password", "hunter2"], [["-db-password", 2, "hunter2"]]],
  [["app", "--acme-api-token=abcdef12"], [["--…-api-token", 1, "abcdef12"]]],
  [["java", "-Dcom.acme.db.password=hunter2"], [["-Dcom.….db.password", 1, "hunter2"]]],
  [["app", "--xyzzy=postgres://u:hunter2@h/db"], [["argument", 1, "hunter2"]]],
  [["app", "--password", "fooPassword=1"], [["--password", 2, "1"]]],
  [["mysql", "-p$ecret77"], [["-p", 1, "$ecret77"]]],
  [["mysql", "-p$MYSQL_PWD"], []],
  // A secret by its place.
  [["mc", "alias", "set", "s3", "https://s3", "AKEY", "hunter22"], [["alias set", 6, "hunter22"]]],
  [
    ["mc", "--quiet", "config", "host", "add", "s3", "https://s3", "AKEY", "hunter22"],
    [["config host add", 8, "hunter22"]],
  ],
  [["aws", "configure", "set", "aws_secret_access_key", "hunter22"], [["aws_secret_access_key", 4, "hunter22"]]],
  [["aws", "configure", "set", "aws_secret_access_key", "$KEY"], []],
  [["docker", "login", "-u", "me", "-p", "hunter22", "r.example.com"], [["-p", 5, "hunter22"]]],
  [["docker", "run", "-p", "8080:80", "nginx"], []],
  [["app", "--basic-auth=me:hunter22"], [["--basic-auth", 1, "hunter22"]]],
];

describe("findInCommand", () => {
  test.each(LINES)("%j", (line, expected) => {
    const found = findInCommand(line, []);
    expect(found.map(({ name, index, text }) => [name, index, text])).toEqual(expected);
  });

  test("counts on from the command into the args", () => {
    expect(findInCommand(["sh", "-c"], ["PGPASSWORD=hunter2 psql"])[0]?.index).toBe(2);
  });

  test("one string with two credentials gives both", () => {
    const script = "PGPASSWORD=one pg_dump | curl -u a:two -T - http://h";
    expect(findInCommand(["sh", "-c", script], []).map(({ text }) => text)).toEqual(["one", "two"]);
  });
});
