import { readFileSync } from 'node:fs';

/**
 * Milliseconds, since its beginning, in which a process' main thread could have run and got no processor, because others
 * had them all: proc(5), /proc/pid/task/tid/schedstat, second figure, ns. 0 where the system does not count it.
 */
export function starvedFor(pid: number): number {
  try {
    const [, waited = '0'] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').trim().split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}

/**
 * A loop that got less than a quarter of a processor is not blamed for what it waited; one that hangs takes what it gets,
 * and is found all the same, so many milliseconds later at the most.
 */
const crowded = 3 / 4;
const most = 12_000;

/** How long a main loop has stood still by its own fault. */
export class OwnLag {
  #turned = 0n;
  #starvedBefore = 0;

  /**
   * Asked again and again, oftener than the loop may stand still.
   * @param turned when it last turned, ns @param now ns @param starved ms, as `starvedFor`
   * @returns ms
   */
  at(turned: bigint, now: bigint, starved: number): number {
    if (turned !== this.#turned) {
      this.#turned = turned;
      this.#starvedBefore = starved;
    }
    const still = Number(now - turned) / 1e6;
    const waited = starved - this.#starvedBefore;
    const excused = waited > still * crowded ? Math.min(most, waited) : 0;
    return Math.max(0, Math.round(still - excused));
  }
}
