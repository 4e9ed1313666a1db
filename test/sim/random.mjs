/** A stream of chance that one seed decides. `fork` gives a stream of its own, so that more draws in one place change nothing in another. */
export function random(seed) {
	let state = hash(String(seed));
	// mulberry32
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
	return {
		next,
		/** A whole number from `low` to `high`, both included. */
		int: (low, high) => low + Math.floor(next() * (high - low + 1)),
		chance: (share) => next() < share,
		pick: (list) => list[Math.floor(next() * list.length)],
		shuffled(list) {
			const out = [...list];
			for (let at = out.length - 1; at > 0; at--) {
				const other = Math.floor(next() * (at + 1));
				[out[at], out[other]] = [out[other], out[at]];
			}
			return out;
		},
		fork: (name) => random(`${seed}/${name}`),
	};
}

/** FNV-1a over UTF-16 units, stirred once more. */
function hash(text) {
	let value = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
	value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
	return (value ^ (value >>> 13)) | 0;
}
