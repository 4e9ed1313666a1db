// One live instance in a process of its own: it says "open", then writes and says each key that is durable.
import { openSqlite } from "../../dist/ledger/sqlite.js";

const [path, writes] = process.argv.slice(2);
try {
	const store = await openSqlite({
		path,
		lock: true,
		owner: "child",
		now: () => new Date(),
	});
	process.stdout.write("open\n");
	for (let index = 0; index < Number(writes); index++) {
		const key = `key:${String(index).padStart(6, "0")}`;
		await store.write({ set: [[key, { index, text: "خبر ".repeat(100) }]] });
		process.stdout.write(`${key}\n`);
		if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
	setInterval(() => {}, 1000);
} catch (error) {
	process.stdout.write(`${error.name}: ${error.message}\n`);
	process.exit(1);
}
