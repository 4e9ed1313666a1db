import { scenario } from "./scenario.mjs";
import { live } from "./world.mjs";

/** Lives of one seed that are tried to make its scenario small. */
const MOST = 200;

/** The smallest scenario near this seed in which the same promise still breaks: shorter, then without whole kinds of faults, then without single ones. */
export async function shrunk(seed, invariant, { hours = 6, mutant } = {}) {
	let tries = 0;
	const breaks = async (candidate) => {
		if (++tries > MOST) return false;
		const { violations } = await live(candidate, { mutant });
		return violations.some((violation) => violation.invariant === invariant);
	};
	let best = scenario(seed, hours);
	for (let shorter = best.hours / 2; shorter >= 0.1; shorter /= 2) {
		const faults = best.faults.filter(({ at }) => at < shorter * 3_600_000);
		const candidate = { ...best, hours: shorter, faults };
		if (!(await breaks(candidate))) break;
		best = candidate;
	}
	const without = async (keeps) => {
		const candidate = { ...best, faults: best.faults.filter(keeps) };
		if (candidate.faults.length < best.faults.length && (await breaks(candidate))) best = candidate;
	};
	for (const kind of new Set(best.faults.map((fault) => fault.kind))) await without((fault) => fault.kind !== kind);
	for (const { id } of best.faults) await without((fault) => fault.id !== id);
	for (const [name, none] of [
		["sister", undefined],
		["humans", 0],
		["drift", 0],
		["floodLimit", 0],
	]) {
		const candidate = { ...best, [name]: none };
		if (await breaks(candidate)) best = candidate;
	}
	for (const name of Object.keys(best.site)) {
		if (name === "archive") continue;
		const candidate = { ...best, site: { ...best.site, [name]: 0 } };
		if (await breaks(candidate)) best = candidate;
	}
	return best;
}
