/** Fonts of nearly every page: asked for with the page and not once its styles have come. */
const EVERYWHERE = /-latin-wght-normal-[\w-]+\.woff2$/

/**
 * Names the fonts of the built page in its head.
 *
 * @returns {import('vite').Plugin}
 */
export function preloadFonts() {
  return {
    name: 'ripplescope:preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((file) => EVERYWHERE.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `./${file}`, crossorigin: '' },
            injectTo: 'head',
          })),
    },
  }
}
