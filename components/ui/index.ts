export { Avatar, type AvatarProps } from './avatar';
export { Badge, type BadgeProps } from './badge';
export { Breadcrumbs, type Crumb } from './breadcrumbs';
export { Button, ButtonLink, type ButtonLinkProps, type ButtonProps, buttonStyles } from './button';
export { Callout, type CalloutProps } from './callout';
export { Card, CardBody, CardFooter, CardHeader, type CardHeaderProps } from './card';
export { Checkbox, type CheckboxProps } from './checkbox';
export { Checklist, type ChecklistStep } from './checklist';
export { cn } from './cn';
export { Code } from './code';
export { Combobox, type ComboboxProps } from './combobox';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog';
export { CopyButton, type CopyButtonProps } from './copy-button';
export { DateTime, type DateTimeProps } from './date-time';
export { Dialog, DialogClose, type DialogProps } from './dialog';
export {
  DropdownItem,
  DropdownLabel,
  DropdownMenu,
  DropdownRadioGroup,
  DropdownRadioItem,
  DropdownSeparator,
} from './dropdown-menu';
export { Duration, type DurationProps } from './duration';
export { EmptyState, type EmptyStateProps } from './empty-state';
export { Field, FieldError, type FieldProps } from './field';
export { type Filter, FilterBar, type FilterBarProps } from './filter-bar';
export { Form, type FormProps, SubmitButton } from './form';
export { formValues } from './form-values';
export { IconButton, type IconButtonProps } from './icon-button';
export { Input, type InputProps } from './input';
export { JsonViewer, type JsonViewerProps } from './json-viewer';
export { Kbd } from './kbd';
export { KeyValue, type KeyValueItem, type KeyValueProps, Nothing } from './key-value';
export { Label } from './label';
export { LinkedText } from './linked-text';
export { LoadMore, type LoadMoreProps } from './load-more';
export { Main, MainOrPart } from './main';
export { type ListedOption, OptionList } from './option-list';
export { dialogPanel, overlay } from './overlay';
export { CloseCross } from './overlay-parts';
export { PageHeader, type PageHeaderProps } from './page-header';
export { Popover, type PopoverProps } from './popover';
export { Progress, type ProgressProps } from './progress';
export { ProviderMark, type ProviderMarkProps, providerName } from './provider-mark';
export { RadioGroup, type RadioGroupProps, type RadioOption } from './radio-group';
export { Select, type SelectOption, type SelectProps } from './select';
export { sent } from './sent';
export { Sheet, type SheetProps } from './sheet';
export { Spinner } from './spinner';
export { Stat, type StatProps } from './stat';
export { type Status, type StatusLook, statusLook } from './status';
export { StatusBadge, type StatusBadgeProps } from './status-badge';
export { Switch, type SwitchProps } from './switch';
export { TabNav, type TabNavItem } from './tab-nav';
export { type Column, longText, Table, type TableProps } from './table';
export { type Tab, Tabs, type TabsProps } from './tabs';
export { Textarea } from './textarea';
export { utcTimeColumn } from './time-column';
export { absoluteTime, durationText, relativeTime } from './time-format';
export { TimeZone, useTimeZone } from './time-zone';
export { Timeline, type TimelineEntry } from './timeline';
export type { Tone } from './tone';
export { Tooltip, TooltipProvider } from './tooltip';
export { useNow } from './use-now';
export { useOptions } from './use-options';
export { type QueryState, useQueryState } from './use-query-state';
export { Waterfall, type WaterfallProps } from './waterfall';
export type { WaterfallSpan } from './waterfall-scale';
