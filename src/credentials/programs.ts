import type { CredentialKind } from "../model/credential.ts";

/** How a program takes a credential by a short or otherwise unspeaking option. */
export interface ProgramOption {
  programs: string[];
  option: string;
  /** `joined`: -pX only; `next`: -p X; `both`; a userinfo is user:password, of which the password counts. */
  takes: "joined" | "next" | "both";
  holds: "credential" | "userinfo";
  kind: CredentialKind;
  /** The option means this only after that word. */
  after?: string;
}

/** How a program takes a credential by its place: the words that lead to it, and how many more stand between. */
export interface ProgramArgument {
  programs: string[];
  words: string[];
  skip: number;
  kind: CredentialKind;
}

/** `mc alias set ALIAS URL ACCESSKEY SECRETKEY` and its older spelling; `aws configure set NAME VALUE`. */
export const PROGRAM_ARGUMENTS: readonly ProgramArgument[] = [
  { programs: ["mc", "mcli"], words: ["alias", "set"], skip: 3, kind: "secret-key" },
  { programs: ["mc", "mcli"], words: ["config", "host", "add"], skip: 3, kind: "secret-key" },
  { programs: ["aws"], words: ["configure", "set", "aws_secret_access_key"], skip: 0, kind: "cloud-key" },
  { programs: ["aws"], words: ["configure", "set", "aws_session_token"], skip: 0, kind: "cloud-key" },
];

const MYSQL = [
  "mysql",
  "mysqldump",
  "mysqladmin",
  "mysqlimport",
  "mysqlcheck",
  "mysqlpump",
  "mysqlsh",
  "mariadb",
  "mariadb-dump",
  "mariadb-admin",
  "mariadb-backup",
  "mydumper",
  "xtrabackup",
];
const MONGO = ["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"];

/** Options whose names do not say what they hold, from the programs' manuals. mysql reads `-p X` as a prompt and a database. */
export const PROGRAM_OPTIONS: readonly ProgramOption[] = [
  { programs: MYSQL, option: "-p", takes: "joined", holds: "credential", kind: "password" },
  { programs: MONGO, option: "-p", takes: "both", holds: "credential", kind: "password" },
  { programs: ["redis-cli", "valkey-cli"], option: "-a", takes: "next", holds: "credential", kind: "password" },
  { programs: ["sshpass"], option: "-p", takes: "both", holds: "credential", kind: "password" },
  { programs: ["sqlcmd", "bcp"], option: "-P", takes: "both", holds: "credential", kind: "password" },
  {
    programs: ["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"],
    option: "-w",
    takes: "both",
    holds: "credential",
    kind: "password",
  },
  {
    programs: ["docker", "podman", "buildah", "skopeo", "helm", "oras", "crane", "az"],
    option: "-p",
    takes: "next",
    holds: "credential",
    kind: "password",
    after: "login",
  },
  { programs: ["cqlsh"], option: "-p", takes: "both", holds: "credential", kind: "password" },
  { programs: ["influx"], option: "-t", takes: "next", holds: "credential", kind: "token" },
  { programs: ["zip", "unzip"], option: "-P", takes: "next", holds: "credential", kind: "password" },
  { programs: ["7z", "7za", "7zz", "7zr"], option: "-p", takes: "joined", holds: "credential", kind: "password" },
  { programs: ["openssl"], option: "-k", takes: "next", holds: "credential", kind: "password" },
  { programs: ["curl"], option: "-u", takes: "both", holds: "userinfo", kind: "basic-auth" },
  { programs: ["curl"], option: "-U", takes: "both", holds: "userinfo", kind: "basic-auth" },
  { programs: ["curl"], option: "--user", takes: "next", holds: "userinfo", kind: "basic-auth" },
  { programs: ["curl"], option: "--proxy-user", takes: "next", holds: "userinfo", kind: "basic-auth" },
  { programs: ["http", "https", "xh"], option: "-a", takes: "next", holds: "userinfo", kind: "basic-auth" },
  { programs: ["http", "https", "xh"], option: "--auth", takes: "next", holds: "userinfo", kind: "basic-auth" },
  {
    programs: ["smbclient", "rpcclient", "mount.cifs"],
    option: "-U",
    takes: "both",
    holds: "userinfo",
    kind: "basic-auth",
  },
  { programs: ["snowsql", "lftp"], option: "-u", takes: "next", holds: "userinfo", kind: "basic-auth" },
];
