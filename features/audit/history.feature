Feature: What happened, when, and who said so
  Every step names who did it, who typed it, when it happened and when it was entered, and on what basis.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: both times are kept
    Scenario: A visit in the morning, entered in the evening
      Given Asha's dispute with Bram is being followed up
      And it has become Monday 22 April 2024, 18:00
      When Wang enters a visit of Monday 22 April 2024, 09:00
      Then the audit trail says it happened at 09:00 and was entered at 18:00

    Scenario: What the party said is entered by another
      Given Asha's dispute with Bram is waiting for consent
      When Asha consents
      Then the audit trail names Asha as the one who did it and Wang as the one who entered it

  Rule: nothing happens in the future or before the report
    Scenario: A telephone whose clock is ahead
      Given Asha's dispute with Bram is being followed up
      When Wang enters a visit of Monday 15 April 2024, 12:00
      Then it is refused because "in the future"

    Scenario: Before the case was reported
      Given Asha's dispute with Bram is being followed up
      When Wang enters a visit of Sunday 14 April 2024, 12:00
      Then it is refused because "before the case was reported"

  Rule: what would change a verdict is not simply entered
    Scenario: The questions were answered in time, says who enters them two days later
      Given Asha's dispute with Bram is reported
      And it has become Wednesday 17 April 2024, 09:00
      When Ding enters the answers of Monday 15 April 2024, 10:00
      Then it is refused because "deadline already missed"

  Rule: a refused act leaves no trace
    @live
    Scenario: Refused by a rule
      Given Asha's dispute with Bram is in Ma's hands
      And Wang has flagged domestic violence
      When Ma opens a session
      Then it is refused under "safe"
      And the audit trail ends with "Flag domestic violence"

  Rule: whoever is refused learns what can be done
    Scenario: What Wang can do and what he cannot
      When Ding takes a report of Asha against Bram, graded yellow
      Then Wang may not "screen", because it "is for"
      And Ding may "screen"
