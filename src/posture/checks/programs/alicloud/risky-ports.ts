/** Ports by what waits behind them. */
export const SSH = [22];
export const RDP = [3389];

/** MySQL, PostgreSQL, SQL Server, Oracle, Redis, MongoDB, Elasticsearch, Memcached, Cassandra, CouchDB, InfluxDB, ClickHouse, HBase, Db2, Neo4j. */
export const DATABASES = [
  1433, 1434, 1521, 1522, 2424, 3306, 33_060, 5432, 5433, 5984, 6379, 6380, 7000, 7001, 7474, 7687, 8086, 8123, 9000,
  9042, 9200, 9300, 11_211, 16_000, 16_010, 27_017, 27_018, 27_019, 50_000,
];

/** FTP, Telnet, RPC, NetBIOS, LDAP, SMB, rsync, Docker, etcd, VNC, WinRM, Kubernetes, Kafka, ZooKeeper, Nacos, Webmin, Hadoop. */
export const ADMIN = [
  20, 21, 23, 111, 135, 137, 138, 139, 389, 445, 512, 513, 514, 873, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 4243,
  5500, 5601, 5800, 5900, 5901, 5985, 5986, 6443, 8848, 9092, 9848, 10_000, 10_250, 10_255, 50_070, 61_616,
];

/** Where nobody from the internet has any business. */
export const RISKY = [...SSH, ...RDP, ...DATABASES, ...ADMIN];
