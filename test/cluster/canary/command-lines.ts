/** Containers whose arguments hold a secret joined to an option, to a word that names one, or as an option's own name. */
export function joined(secret: () => string): object[] {
  const image = "registry.example.com/job:1";
  const named = (word: string) => `${secret()}${word}`;
  const lines: Record<string, { command?: string[]; args: string[] }> = {
    mysql: { command: ["mysqldump", "-uroot", `-p${secret()}`], args: ["mydb"] },
    "mysql-named": { command: ["mysqldump", "-uroot", `-p${named("Password")}`], args: ["mydb"] },
    "mysql-assigned": { command: ["mysql", `-p${named("pw")}=1`], args: [`-pMy${named("Token")}`, "mydb"] },
    sshpass: { command: ["sshpass", `-p${named("Password1")}`, "ssh", "-p", "22"], args: [`-p${secret()}`, "h"] },
    archive: { command: ["7z", `-p${named("ArchivePassword")}`, "x"], args: ["a.7z", `-p${named("-pw")}`, "b"] },
    cassandra: { command: ["cqlsh", `-p${named("_token")}`, "h"], args: [] },
    "no-program": {
      args: [`-p${named("Password")}`, "mydb", `-P${named(".password")}=1`, `-x${named("Secret")}`, "y"],
    },
    options: {
      args: [`--opt${secret()}=1`, `--opt${named("-password")}=hunter22`, `--${named("token")}`, "abcdef123456"],
    },
    assignments: { args: [`${named("_PASSWORD")}=x9`, "--password", `${named("Password")}=1`, `--x=${secret()}=1`] },
    document: { args: [`{"${named("Token")}":"abcdef123456","${secret()}":{"password":"hunter22"}}`] },
    script: {
      command: ["sh", "-ec"],
      args: [
        `mysql -p${named("Password")} db; sshpass -p'${named("pw")}' ssh h\n${named("_TOKEN")}=abcdef12 x -p${named("Pw")} y`,
      ],
    },
    places: {
      command: [
        "sh",
        "-c",
        `mc alias set s3 https://h AKEY ${secret()}; aws configure set aws_secret_access_key ${secret()}`,
      ],
      args: [],
    },
  };
  return Object.entries(lines).map(([name, line]) => ({ name, image, ...line }));
}
