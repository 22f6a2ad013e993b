import type { NetworkSpec } from '#contract/network.ts';
import type { App } from '#state/app.svelte.ts';
import { emptyNetwork } from '#state/network-edits.ts';

/** Networks made and thrown away: each becomes the one in hand; what fails is told. */
export function networkMaking(app: App) {
  const { t, navigation, networks } = app;

  async function make(spec: () => Promise<NetworkSpec> | NetworkSpec): Promise<void> {
    await app.attempt(async () => {
      await networks.editor?.settle();
      navigation.preset = await networks.create(await spec());
    });
  }

  /** @param from what it was made from, as its source says */
  const copyOf = (spec: NetworkSpec, from: string): NetworkSpec => ({
    ...spec,
    source: t('model.edit.madeFrom', { name: from }),
    name: t('model.edit.copyOf', { name: spec.name }).slice(0, 200),
  });

  return {
    /** Of the network in hand, for the images of the data set in hand. */
    copy: () =>
      make(async () => {
        const { preset, dataset } = navigation;
        const known = networks.editor?.id === preset ? networks.editor.spec : null;
        const spec = known ?? (await networks.spec({ preset }, dataset));
        return copyOf(spec, spec.name);
      }),

    empty: () =>
      make(() => {
        const set = app.datasets.find(navigation.dataset);
        const input: NetworkSpec['input'] = set ? [set.height, set.width, set.channels] : [28, 28, 1];
        return emptyNetwork(input, t('model.edit.fresh'));
      }),

    fromRun: (run: string, name: string) => make(async () => copyOf(await networks.spec({ run }), name)),

    /** Into the trash, from which it can be taken back. */
    async discard(): Promise<void> {
      const preset = networks.find(navigation.preset);
      if (!preset?.own) return;
      const { id, name } = preset;
      await app.attempt(async () => {
        await networks.discard(id);
        navigation.preset = networks.presets[0]?.id ?? 'mnist-cnn';
        app.toasts.undoable(t('model.edit.discarded', { name }), () => {
          void app.attempt(async () => {
            await networks.restore(id);
            navigation.preset = id;
          });
        });
      });
    },
  };
}
