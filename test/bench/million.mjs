// node test/bench/million.mjs <file> <articles>: makes a ledger with that many known articles, by plain SQL in the ledger's own format. Under a minute for a million.
import Database from "libsql";
import { ledgerVersion } from "../../dist/ledger/sqlite-file.js";

const [file, count] = [process.argv[2], Number(process.argv[3])];
const TITLE = "وزارة الموارد المائية تفتتح محطة لضخ المياه في قضاء المشخاب رقم ";
const TEXT =
	"قالت الوزارة إن المحطة تخدم عشرين قرية، وإن العمل فيها استمر سبعة أشهر. وأضافت أن فرقها ستبدأ قريبا بتأهيل قناتين أخريين قبل موسم الزراعة الشتوي.";
const id = "'known' || substr('000000000000000000000' || n, -21)";
const at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1600000000 + n * 180, 'unixepoch')";
const article = `json_object('v', 1, 'article', json_object('id', ${id}, 'url', 'https://news.example/' || n, 'title', '${TITLE}' || n, 'lead', '${TEXT}', 'paragraphs', json_array('${TEXT}'), 'credits', json_array(), 'tags', json_array('العراق'), 'images', json_array(), 'publishedAt', ${at}, 'source', 'وكالة ' || (n % 500)), 'foundAt', ${at}, 'removed', json_array())`;
const delivery = (channel) =>
	`json_object('v', 1, 'channel', '${channel}', 'id', ${id}, 'kind', 'article', 'order', '1:' || ${at}, 'plannedAt', ${at}, 'changedAt', ${at}, 'attempts', 1, 'state', 'sent', 'receipt', json_object('id', '' || n))`;
// In the order of the keys, so that the file is written from its beginning to its end.
const rows = [
	["alias:guid", `json_quote(${id})`],
	["alias:title", `json_quote(${id})`],
	["alias:url", `json_quote(${id})`],
	["article:", article],
	["delivery:telegram:", delivery("telegram")],
	["delivery:twitter:", delivery("twitter")],
];
const database = new Database(file);
database.exec(`
	PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -100000;
	CREATE TABLE entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER) WITHOUT ROWID;
	CREATE INDEX entries_expires ON entries (expires) WHERE expires IS NOT NULL;
	PRAGMA user_version = ${ledgerVersion};
	BEGIN;`);
for (const [prefix, value] of rows)
	database.exec(`
		WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
		INSERT INTO entries (key, value) SELECT 'mirsal:${prefix}' || ${id}, '{"value":' || ${value} || '}' FROM numbers`);
database.exec("COMMIT");
database.close();
