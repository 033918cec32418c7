Feature: The more dangerous, the sooner
  How soon the desk has to look depends on the grade that was reported.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: triage - red within half an hour, orange within two hours, the others within eight office hours
    Scenario Outline: The first deadline
      When Ding takes a report of Asha against Bram, graded <grade>
      Then the deadline "Safety questions" is <due>

      Examples:
        | grade  | due                          |
        | red    | Monday 15 April 2024, 09:30  |
        | orange | Monday 15 April 2024, 11:00  |
        | yellow | Tuesday 16 April 2024, 10:00 |

    Scenario: A red case nobody looks at
      Given Asha's dispute with Bram, graded red, is reported
      When it becomes Monday 15 April 2024, 09:31
      Then Ding and Chen are reminded of "Safety questions"
      And the deadline "Safety questions" is late

    Scenario: Danger becomes known while the questions are open
      Given Asha's dispute with Bram is reported
      And it has become Monday 15 April 2024, 09:20
      When Ou calls it red
      Then the deadline "Safety questions" is Monday 15 April 2024, 09:30

    Scenario: What was late as red goes on as yellow
      Given Asha's dispute with Bram, graded red, is reported
      And it has become Monday 15 April 2024, 09:40
      And Ding has screened it yellow with every answer no
      When Ou asks for consent
      Then the case is "Waiting for consent"
