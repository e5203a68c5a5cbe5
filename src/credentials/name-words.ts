/** Words of a list that is written over several lines. */
function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

/** Words that, right before `key`, make it the secret kind. */
export const KEY_KINDS = wordsOf(
  `api access pass secret private signing sign encryption encrypt decryption master auth account storage shared service license
  deploy ssh gpg pgp consumer session cipher hmac jwt webhook crypto seal unseal sas admin server write integration rest
  subscription ingest stripe sendgrid mailgun twilio datadog dd newrelic openai anthropic algolia segment github gitlab slack
  heroku npm cloudflare pagerduty opsgenie rollbar honeycomb mailchimp square braintree paypal azure aws gcp fernet aes rsa
  application app enc des salt preshared psk role google meili event psk vault totp`,
);

/** Words that, right before `secret`, say that it is a text and not the name of a Secret. */
export const SECRET_KINDS = wordsOf(
  `jwt session cookie client signing webhook shared auth hmac consumer token refresh access login cron nextauth api oauth oidc otp
  totp csrf xsrf encryption master admin state hook`,
);

/** Words that, right before any noun, ask for something to be done with it, or whether there is one. */
export const SWITCHES = wordsOf(
  `enable disable use has is require requires no skip allow with without validate verify generate rotate reset change force save
  show hide mask check enforce random create watch exclude include`,
);

/** Words that, right before `key` or `token`, make it something else: a public key, a page token. */
export const HARMLESS_KINDS = wordsOf(
  `public publishable site primary foreign sort partition shard cache routing object lookup config hash map idempotency dedup
  translation feature flag page next continue continuation cancel cancellation bos eos pad unk mask sep cls stop max min num total
  completion prompt context pull tls ssl checksum sha md`,
);

/** Last words that say nothing about what the word before them is. */
export const NEUTRAL = wordsOf(
  `value text plain plaintext prod production dev development staging stage test testing old new current
  previous primary secondary default live base raw encoded b base64 main backup root admin readonly ro rw
  txt yaml yml json conf cfg cnf ini properties toml sh py sql md xml html js ts hcl tpl`,
);

/** Last words that make the whole name describe a credential instead of holding it. */
export const ABOUT = wordsOf(
  `file files filename path paths dir directory folder name names namespace ttl seconds secs sec ms millis minutes mins hours days
  expiry expiration expires expire timeout lifetime lifespan validity duration age url urls uri uris endpoint endpoints host hosts
  hostname port ports issuer audience enabled disabled enable disable required require length len size count counter min max minimum
  maximum limit limits policy type types kind format version algorithm algorithms alg algo id ids prefix suffix header headers field
  fields column param parameter label labels selector class ref refs reference arn mode level region bucket layout image rotation
  rotate interval retries attempts hint prompt placeholder store provider providers backend backends service manager generator
  validator checker map list schema scheme table plugin script command cmd location dest destination mount env var variable server
  domain realm user username email subject usage scope scopes claim claims char chars charset complexity strength index num number
  total allowed public pub cert certificate ca status state update reset change changed updated created date time timestamp at on
  from source method methods strategy driver engine bits checksum hash digest sha fingerprint encryption encrypted encoder encoding
  hashing hasher hashers separator delimiter serializer deserializer converter pattern regex rule rules history cost iterations
  stdin fd owner authenticator alias address contract symbol decimals threshold rate template cache period window`,
);

/** Beginnings of words in which `pass`, `pw` and the like are written without a separator; `bypass` and `compass` are none. */
export const PASS_OWNERS = wordsOf(
  `db database sql my mysql maria pg postgres postgresql mongo redis rabbit rabbitmq mq amqp ldap bind ad ssh sftp ftp smtp imap pop mail email
  http https web proxy vnc rdp rpc api app usr admin adm root sys system super superuser sa master login account acct svc service
  key keystore store ts truststore cert ca ssl tls jks pfx pem enc crypt zip archive backup repo git svn nexus registry docker wifi
  vpn sudo become ansible vault jenkins sonar grafana kibana elastic es oracle ora hana sap snmp ipmi bmc console router switch
  basic auth client server src source dst dest target default test stage prod`,
);
