/** Time in a simulation: a heap of moments. One wakes, then every promise settles, then the next one wakes. Moments at the same time wake in an order that chance decides. */
export function simClock(start, chance) {
	let now = start;
	let turn = 0;
	const heap = [];
	const before = (a, b) =>
		a.time < b.time || (a.time === b.time && (a.tie < b.tie || (a.tie === b.tie && a.turn < b.turn)));

	function push(entry) {
		let at = heap.push(entry) - 1;
		while (at > 0) {
			const up = (at - 1) >> 1;
			if (!before(entry, heap[up])) break;
			heap[at] = heap[up];
			at = up;
		}
		heap[at] = entry;
	}

	function pop() {
		const first = heap[0];
		const last = heap.pop();
		if (heap.length > 0) {
			let at = 0;
			for (;;) {
				let down = 2 * at + 1;
				if (down >= heap.length) break;
				if (down + 1 < heap.length && before(heap[down + 1], heap[down])) down++;
				if (!before(heap[down], last)) break;
				heap[at] = heap[down];
				at = down;
			}
			heap[at] = last;
		}
		return first;
	}

	return {
		/** Milliseconds since 1970. */
		get now() {
			return now;
		},
		/** Moments that woke so far. */
		events: 0,
		/** Wakes once at a time; gives what cancels it. */
		at(time, wake) {
			const entry = { time: Math.max(time, now), tie: chance.next(), turn: turn++, wake };
			push(entry);
			return () => {
				entry.wake = undefined;
			};
		},
		after(milliseconds, wake) {
			return this.at(now + milliseconds, wake);
		},
		/** Moves time on to `end`; stops early when `until` says so. */
		async run(end, until = () => false) {
			await settled();
			while (heap.length > 0 && heap[0].time <= end && !until()) {
				const { time, wake } = pop();
				if (wake === undefined) continue;
				now = time;
				this.events++;
				wake();
				await settled();
			}
			if (!until()) now = end;
		},
	};
}

/** Resolves when no promise is left to settle: Node looks at its ticks again only when its queue of microtasks is empty. */
const settled = () => new Promise((resolve) => process.nextTick(resolve));
