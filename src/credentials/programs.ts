import type { CredentialKind } from "../model/credential.ts";

/** How a program takes a credential by a short or otherwise unspeaking option. */
export interface ProgramOption {
  programs: string[];
  option: string;
  /** `joined`: -pX only; `next`: -p X; `both`. A long option may also be joined by =. */
  takes: "joined" | "next" | "both";
  /**
   * Of user:password, user,password and user%password the password counts; `pass:` is OpenSSL's notation; a dsn is h=HOST,p=PASSWORD
   * as Percona's tools write it; pairs are name=value with commas between; a selector's pairs select, and hold nothing.
   */
  holds: "credential" | "userinfo" | "user,password" | "user%password" | "pass:" | "dsn" | "pairs" | "nothing";
  kind: CredentialKind;
  /** The option means this only after that word. */
  after?: string;
  /** The short option may stand at the end of several in one word: -fsSu. */
  isBundled?: boolean;
}

/** How a program takes a credential by its place: the words that lead to it, and how many more stand between. */
export interface ProgramArgument {
  programs: string[];
  words: string[];
  skip: number;
  kind: CredentialKind;
  /** The value belongs to the name before it, which says what it is. */
  isNamed?: boolean;
  /** Only with an option that matches. */
  with?: RegExp;
  /** What the word holds beside the credential: user/password@service of Oracle's tools, or a dsn as in ProgramOption. */
  holds?: "user/password" | "dsn";
}

const MYSQL = `mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlpump mysqlsh mysqlshow mysqlslap mysqlbinlog mariadb mariadb-dump
  mariadb-admin mariadb-backup mariadb-import mariadb-check mariadb-binlog mydumper myloader xtrabackup innobackupex pt-archiver
  pt-table-checksum pt-online-schema-change mycli`;
const PERCONA = `pt-archiver pt-table-checksum pt-table-sync pt-online-schema-change pt-kill pt-heartbeat pt-duplicate-key-checker
  pt-slave-find pt-slave-delay pt-show-grants pt-query-digest`;
const ORACLE = "sqlplus expdp impdp sqlldr";
const MONGO = "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles bsondump";
const LDAP = "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapmodrdn ldapcompare";
const REGISTRIES = "docker podman nerdctl buildah skopeo helm oras crane az regctl cosign nexus-cli jf jfrog";
const SNMP = "snmpget snmpset snmpwalk snmpbulkwalk snmpbulkget snmpgetnext snmptrap snmpinform snmptable snmpstatus";
const KEYTOOL = "keytool jarsigner apksigner";

type Row = [
  programs: string,
  options: string,
  takes: ProgramOption["takes"],
  holds?: ProgramOption["holds"],
  rest?: Partial<ProgramOption>,
];

/** From the programs' manuals. Options that say what they hold, such as --password, need no entry. mysql reads `-p X` as a prompt and a database. */
const ROWS: Row[] = [
  [MYSQL, "-p", "joined"],
  [PERCONA, "--source --dest", "next", "dsn"],
  [MONGO, "-p", "both"],
  ["redis-cli valkey-cli redis-benchmark keydb-cli", "-a --pass", "next"],
  ["redis-server valkey-server keydb-server", "--requirepass --masterauth", "next"],
  ["sshpass", "-p", "both"],
  ["sqlcmd bcp isql osql tsql mssql-cli", "-P", "both"],
  ["clickhouse-client clickhouse", "--password", "next"],
  ["cqlsh nodetool", "-p -pw", "both"],
  [LDAP, "-w", "both"],
  [REGISTRIES, "-p", "next", "credential", { after: "login" }],
  ["docker podman nerdctl helm argocd oc", "-p", "next", "credential", { after: "login" }],
  ["skopeo podman buildah", "--creds --src-creds --dest-creds --screds --dcreds", "next", "userinfo"],
  ["influx", "-t", "next", "credential", { kind: "token" }],
  ["zip unzip", "-P", "next"],
  ["7z 7za 7zz 7zr 7zip rar unrar", "-p -hp", "joined"],
  ["openssl", "-k", "next"],
  ["openssl", "-pass -passin -passout -passwd", "next", "pass:"],
  ["osslsigncode", "-pass", "next"],
  [KEYTOOL, "-storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass -new", "next"],
  ["signtool", "/p", "next"],
  ["curl", "-u -U", "both", "userinfo", { isBundled: true }],
  ["curl", "--user --proxy-user", "next", "userinfo"],
  ["curl", "--pass --proxy-pass --key-pass", "next"],
  ["http https xh httpie", "-a --auth", "next", "userinfo"],
  ["ab siege hey wrk", "-A", "next", "userinfo"],
  ["hey", "-a", "next", "userinfo"],
  ["etcdctl", "--user", "next", "userinfo"],
  ["smbclient rpcclient smbget smbcacls net mount.cifs", "-U --user", "both", "user%password"],
  ["snowsql", "-u", "next", "userinfo"],
  ["lftp", "-u --user", "both", "user,password"],
  ["ncftp ncftpget ncftpput ncftpls", "-p", "both"],
  ["mosquitto_pub mosquitto_sub mosquitto_rr", "-P --pw", "next"],
  ["ipmitool", "-P", "both"],
  [SNMP, "-A -X", "next"],
  ["cadaver tnftp", "-p", "next"],
  ["rabbitmqadmin", "-p", "both"],
  ["vncviewer x11vnc", "-passwd", "next"],
  ["xfreerdp rdesktop", "-p", "both"],
  ["impacket-smbclient psexec.py", "-hashes", "next"],
  ["PsExec psexec psexec64", "-p", "next"],
  ["plink pscp psftp plink.exe", "-pw", "next"],
  ["ansible ansible-playbook", "-e --extra-vars", "next", "pairs"],
  [
    "helm helmfile argocd kubectl oc",
    "--set --set-string --set-literal --from-literal --helm-set --helm-set-string",
    "next",
    "pairs",
  ],
  ["kubectl oc velero", "-l --selector --field-selector --label-selector", "both", "nothing"],
  ["terraform tofu packer terragrunt", "-var", "next", "pairs"],
  ["docker podman nerdctl", "-e", "both", "pairs"],
  ["docker podman nerdctl", "--env --build-arg", "next", "pairs"],
  ["codecov doctl", "-t", "next", "credential", { kind: "token" }],
  ["zabbix_sender", "--tls-psk", "next"],
];

/** Options whose names do not say what they hold. */
export const PROGRAM_OPTIONS: readonly ProgramOption[] = ROWS.flatMap(
  ([programs, options, takes, holds = "credential", rest = {}]) =>
    options.split(" ").map((option): ProgramOption => {
      const kind = holds.startsWith("user") ? "basic-auth" : "password";
      return { programs: programs.split(/\s+/), option, takes, holds, kind, ...rest };
    }),
);

type Place = [programs: string, words: string, skip: number, kind: CredentialKind, rest?: Partial<ProgramArgument>];

const PLACES: Place[] = [
  // mc alias set ALIAS URL ACCESSKEY SECRETKEY
  ["mc mcli", "alias set", 3, "secret-key"],
  ["mc mcli", "config host add", 3, "secret-key"],
  ["aws", "configure set", 0, "cloud-key", { isNamed: true }],
  ["vault bao", "login", 0, "token"],
  ["mysqladmin mariadb-admin", "password", 0, "password"],
  ["rabbitmqctl", "add_user", 1, "password"],
  ["rabbitmqctl", "change_password", 1, "password"],
  ["redis-cli valkey-cli", "AUTH", 0, "password"],
  ["redis-cli valkey-cli", "CONFIG SET requirepass", 0, "password"],
  ["redis-cli valkey-cli", "CONFIG SET masterauth", 0, "password"],
  ["htpasswd", "", 2, "password", { with: /^-[A-Za-z]{0,8}b[A-Za-z]{0,8}$/ }],
  ["net", "user", 1, "password"],
  // net use DEVICE \\HOST\SHARE PASSWORD /user:NAME
  ["net", "use", 2, "password", { with: /^\/user:/i }],
  ["snyk", "auth", 0, "token"],
  ["wandb", "login", 0, "token"],
  ["ngrok", "authtoken", 0, "token"],
  ["ngrok", "config add-authtoken", 0, "token"],
  ["b2", "account authorize", 1, "cloud-key"],
  ["b2", "authorize-account", 1, "cloud-key"],
  ["setx setenv", "", 0, "password", { isNamed: true }],
  ["rclone", "obscure", 0, "password"],
  ["rclone", "config create", 2, "password", { isNamed: true }],
  ["git npm pnpm yarn pip poetry composer consul etcdctl", "config", 0, "password", { isNamed: true }],
  ["npm pnpm yarn pip poetry composer aws gcloud consul", "config set", 0, "password", { isNamed: true }],
  ["git", "config --global", 0, "password", { isNamed: true }],
  ["consul", "kv put", 0, "password", { isNamed: true }],
  ["etcdctl", "put", 0, "password", { isNamed: true }],
  [ORACLE, "", 0, "password", { holds: "user/password" }],
  ["rman", "target", 0, "password", { holds: "user/password" }],
  ["rman", "catalog", 0, "password", { holds: "user/password" }],
  ["rman", "auxiliary", 0, "password", { holds: "user/password" }],
  ["exp imp", "", 0, "password", { holds: "user/password", with: /^[A-Za-z][\w$#]{0,63}\/[^\s/@]{1,128}@\w/ }],
  [PERCONA, "", 0, "password", { holds: "dsn" }],
];

/** Credentials that stand where the program's manual says, with no option before them. */
export const PROGRAM_ARGUMENTS: readonly ProgramArgument[] = PLACES.map(([programs, words, skip, kind, rest = {}]) => ({
  programs: programs.split(/\s+/),
  words: words === "" ? [] : words.split(" "),
  skip,
  kind,
  ...rest,
}));
