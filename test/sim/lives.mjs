import { mutants } from "./mutants.mjs";
import { scenario } from "./scenario.mjs";
import { live } from "./world.mjs";

/** Lives some seeds one after the other; what happened in all of them, and which ones broke. */
export async function lives({ from, count, mutant, hours, untilFirst }) {
	const total = {};
	const failed = [];
	let seeds = 0;
	for (let seed = from; seed < from + count; seed++) {
		const result = await live(scenario(seed, hours), { mutant: mutant && mutants[mutant] });
		seeds++;
		for (const [name, value] of Object.entries(result.count)) total[name] = (total[name] ?? 0) + value;
		if (result.violations.length === 0) continue;
		failed.push({ seed, violations: result.violations.slice(0, 5) });
		if (untilFirst) break;
	}
	return { seeds, total, failed };
}
