import { IntlMessageFormat } from 'intl-messageformat';
import type { Failure, FailureCode } from '#contract/failures.ts';
import sentences from '#strings/en/failures.json' with { type: 'json' };

/** The sentence for people; the failure's own English message where a fact is missing from it. */
export function sentenceOf({ code, message, details }: Failure): string {
  const pattern = (sentences as Partial<Record<FailureCode, string>>)[code];
  if (!pattern) return message;
  try {
    return String(new IntlMessageFormat(pattern, 'en').format(details));
  } catch {
    return message;
  }
}

/** What `--json` prints instead of a result. */
export function failureJson({ code, message, details }: Failure) {
  return { error: { code, message, details } };
}

/** What else to try, where the command line offers it. */
export function hintOf(code: FailureCode): string | null {
  if (code === 'project/locked')
    return 'Use --project FOLDER for another project, or --out FOLDER to train outside of one.';
  if (code === 'project/folder-not-empty') return 'If a run was left there, `train --resume` goes on with it.';
  if (code === 'data/unknown-set') return 'Name `mnist`, `fashion-mnist`, `cifar10`, `cifar100`, files or folders.';
  if (code === 'download/offline' || code === 'download/refused')
    return 'With the files at hand, name them or their folder. HEATLENS_DATA_MIRROR names another place to fetch from.';
  if (code === 'run/unknown') return 'See `heatlens runs`.';
  return null;
}
