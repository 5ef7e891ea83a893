/** Shader that adds 1 per point to the pixels it covers, in the channel of its kind: plain, marked, selected. */
export const COUNT_VERTEX = `#version 300 es
precision highp float;
in float x;
in float y;
in float flags;
uniform vec2 center;
uniform vec2 scale;
uniform float diameter;
flat out vec4 channel;

void main() {
  bool placed = !(isnan(x) || isnan(y) || isinf(x) || isinf(y));
  // The difference first: both are large beside it when zoomed in.
  gl_Position = placed ? vec4((vec2(x, y) - center) * scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = diameter + 1.0;
  float marked = mod(flags, 2.0);
  channel = vec4(1.0 - marked, marked, step(2.0, flags), 0.0);
}`

export const COUNT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 channel;
uniform float diameter;
uniform float unit;
out vec4 count;

void main() {
  float away = length(gl_PointCoord * 2.0 - 1.0) * (diameter + 1.0);
  count = channel * clamp((diameter + 1.0 - away) * 0.5, 0.0, 1.0) * unit;
}`

export const TONE_VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`

/**
 * Shader that maps counts to colours by the ramps, row 0 plain, row 1 marked. Few marked points show through many plain
 * ones.
 */
export const TONE_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D counts;
uniform sampler2D ramps;
uniform float unit;
uniform float logMost;
uniform float unselected;
out vec4 color;

vec4 toneOf(float count, float row) {
  float share = min(1.0, log(1.0 + max(1.0, count)) / logMost);
  vec4 tone = texture(ramps, vec2(share * (255.0 / 256.0) + 0.5 / 256.0, row));
  return vec4(tone.rgb * tone.a, tone.a) * min(1.0, count);
}

void main() {
  vec4 count = texelFetch(counts, ivec2(gl_FragCoord.xy), 0) / unit;
  float total = count.r + count.g;
  if (total <= 0.0) discard;
  float marked = clamp(count.g, 0.0, 1.0);
  color = mix(toneOf(total, 0.25), toneOf(total, 0.75), marked);
  color *= mix(unselected, 1.0, clamp(count.b, 0.0, 1.0));
}`
