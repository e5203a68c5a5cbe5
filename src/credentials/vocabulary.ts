/** Words that stand in names of options, variables and keys beside those that the name rules know: systems, roles, directions. */
export const COMMON_WORDS = new Set(
  `account admin airflow alert algolia analytics annotations api app application archive argo argocd artifactory attributes audit
  auth0 aws azure backend backup basic bigquery bind bitbucket blob borg bot broker bucket cache callback cassandra certificate ci
  client clickhouse cloud cluster com command common conf config configuration confluence conn connect connection consul
  container containers couchdb cron cronjob csi csrf data database datasource db dbname dbt default destination discord django
  dn docker dsn elastic elasticsearch email endpoint env ephemeral etl example exec export external flask flex flux flyway
  frontend ftp gcp gcs git github gitlab global google grafana group guest harbor headers helm hibernate hook host http https
  imap import index influx influxdb init internal io items java jdbc jenkins jira job jobs k8s kafka keycloak keystore kube
  kubernetes laravel ldap lifecycle liquibase liveness local log logging login loki mail mailer main mariadb master maven
  member metadata metrics migrate migration minio mongo mongodb monitoring mssql mysql name neo4j newrelic nexus node nomad
  notification notify npm oauth oauth2 object odbc oidc okta opensearch operator oracle org owner paypal personal pg pip pod
  postgres postgresql pre primary private probe production project prometheus property proxy public push pypi python quay
  rabbitmq rails rclone reader readiness readonly redis redshift registry remote replica replication repo repository report
  reporting repos request rest restic restore role root rpc ruby run runner s3 saml scheduler search secondary secrets sentry
  server service session settings sftp shared site slack smtp snowflake sonar sonarqube source spark spec spring sql sqlserver
  ssh ssl sso startup stop storage store string stripe superuser svc sync target team teams telegram template tenant tls
  truststore twilio upload uri url user valkey vault volume volumes volumeattributes warehouse web webhook worker write writer
  zookeeper`.split(/\s+/),
);
