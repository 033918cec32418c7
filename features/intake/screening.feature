Feature: The safety questions
  Ten questions and a count are answered before any talk. Each "no" is an answer that somebody gave.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: every question is answered
    Scenario: One answer is missing
      When Ding screens it yellow and leaves "weapon" open
      Then it is refused because it "lacks 1: screening_form.weapon"

    Scenario: All answers are no
      When Ding screens it yellow with every answer no
      Then the case is "Screened"
      And the audit trail keeps the ten answers of Ding

  Rule: danger_is_red - violence or a threat to life is graded red
    Scenario: A knife, graded orange
      When Ding screens it orange with "weapon" answered yes
      Then it is refused under "danger_is_red"

    Scenario: A knife, graded red
      When Ding screens it red with "weapon" answered yes
      Then the case is "Screened"

  Rule: flagged_is_not_blue - a question answered yes rules out blue
    Scenario Outline: Not blue
      When Ding screens it blue with "<question>" answered yes
      Then it is refused under "flagged_is_not_blue"

      Examples:
        | question  |
        | dv        |
        | minor     |
        | crisis    |
        | power_gap |
        | mass      |
        | official  |

  Rule: not_criminal - a suspected crime goes to the police
    Scenario: Consent is not even asked
      Given Ding has screened it orange with "crime" answered yes
      When Ding asks for consent
      Then it is refused under "not_criminal"
