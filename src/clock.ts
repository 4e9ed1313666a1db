import type { SteadyClock } from "./ports.ts";

/** The longest time that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;

/** The machine's own time. */
export function systemClock(): SteadyClock {
	return {
		now: () => new Date(),
		monotonic: () => performance.now(),
		at(time, wake) {
			let timer: NodeJS.Timeout | undefined;
			const wait = () => {
				const left = time.getTime() - Date.now();
				timer = setTimeout(left > LONGEST ? wait : wake, Math.max(0, Math.min(left, LONGEST)));
			};
			wait();
			return () => clearTimeout(timer);
		},
	};
}
