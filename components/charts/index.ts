export type { Series, TimeChartProps } from './series';
export { Sparkline, type SparklineProps } from './sparkline';
export { TimeChart } from './time-chart';
export type { Step } from './times';
export { bytesText, tickText, type Unit, valueText } from './units';
