import type { DuplicateGroup, DuplicateReport, Split } from '#contract/data.ts';
import type { Groups } from './groups.ts';
import { distance, type Hashes } from './hashes.ts';
import type { PooledImages } from './pooled-images.ts';

/** Groups that a report shows. */
const mostGroups = 500;

/** Whose image stays: a test set that keeps its images can still be compared with what others measured on it. */
const keepFirst: readonly Split[] = ['test', 'validation', 'train'];

/**
 * Leaving out what is advised makes every split honest: of each group one image stays, the test image before the
 * validation image before the training image, and of one split the first.
 *
 * @param exact who has the same bytes as whom
 * @param groups who has the same or nearly the same
 */
export function duplicateReport(images: PooledImages, hashes: Hashes, exact: Groups, groups: Groups): DuplicateReport {
  const report = { exact: 0, near: 0, leaks: 0, advised: [] as DuplicateReport['advised'] };
  const told: DuplicateGroup[] = [];
  for (const places of groups.ofSeveral()) {
    const members = places.map((place) => ({ place, ...images.at(place) }));
    members.sort((a, b) => keepFirst.indexOf(a.split) - keepFirst.indexOf(b.split) || a.index - b.index);
    const [kept, ...others] = members;
    if (!kept) continue;
    const different = new Set(places.map((place) => exact.find(place))).size;
    report.exact += places.length - different;
    report.near += different - 1;
    if (members.at(-1)?.split === 'train') report.leaks += members.filter(({ split }) => split !== 'train').length;
    for (const { split, index } of others) report.advised.push({ split, index });
    told.push({
      kind: different === 1 ? 'exact' : 'near',
      acrossSplits: members.some(({ split }) => split !== kept.split),
      acrossClasses: members.some(({ label }) => label !== kept.label),
      images: members.map(({ place, split, index, label }) => {
        return { split, index, label, distance: distance(hashes, kept.place, place) };
      }),
    });
  }
  const weight = (group: DuplicateGroup) => 2 * Number(group.acrossSplits) + Number(group.acrossClasses);
  return { ...report, groups: told.sort((a, b) => weight(b) - weight(a)).slice(0, mostGroups) };
}
